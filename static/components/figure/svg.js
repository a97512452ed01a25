// @ts-check
// A drawing as SVG text: words stay words, lines stay lines, and maps are pictures inside it.

/** @typedef {[x: number, y: number, width: number, height: number]} Box */
/**
 * How a figure looks: `paper` is null where the slide shows through.
 *
 * @typedef {{ theme: "light" | "dark", paper: string | null, ink: string, quiet: string, line: string,
 *   cell: string, accent: string }} Look
 */

const FONT = "Inter, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"
// The widths of characters relative to their size: those of a wide font, so that other fonts fit too.
const WIDTHS = /** @type {const} */ ([[/[ \u202f.,·:;()'|ijl]/, 0.34], [/[−+=×÷≤≥→…%mwMW]/, 0.86], [/\d/, 0.64]])
const OTHERS = 0.6

/** @type {Record<"light" | "dark" | "transparent", Look>} */
export const LOOKS = {
  light: { theme: "light", paper: "#ffffff", ink: "#1c2230", quiet: "#515b6b", line: "#c9ced6", cell: "#eceef2", accent: "#2f5bea" },
  dark: { theme: "dark", paper: "#14171c", ink: "#e8eaee", quiet: "#aab2bf", line: "#434b57", cell: "#2a3038", accent: "#7aa2ff" },
  // Transparent has dark letters: most slides are light, and for dark ones there is the look above.
  transparent: { theme: "light", paper: null, ink: "#1c2230", quiet: "#515b6b", line: "#c9ced6", cell: "#eceef2", accent: "#2f5bea" },
}

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }

/** @param {string | number} text */
const escape = text => String(text).replace(/[&<>"']/g, sign => ENTITIES[sign])

/** @param {string | number} value */
const plain = value => (typeof value === "number" ? String(Number(value.toFixed(2))) : escape(value))

/**
 * The approximate width of a text: fonts differ.
 *
 * @param {string} text
 * @param {number} size
 */
export const widthOf = (text, size) =>
  size * [...text].reduce((sum, sign) => sum + (WIDTHS.find(([signs]) => signs.test(sign))?.[1] ?? OTHERS), 0)

/**
 * A text in lines of at most `width`, broken at separators.
 *
 * @param {string} text
 * @param {number} size
 * @param {number} width
 * @param {string} [separator]
 */
export function wrapped(text, size, width, separator = " ") {
  /** @type {string[]} */
  const lines = []
  for (const word of text.split(separator)) {
    const longer = lines.length ? lines[lines.length - 1] + separator + word : ""
    if (longer && widthOf(longer, size) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

export class Drawing {
  /** @param {Look} look */
  constructor(look) {
    this.look = look
    /** @type {string[]} */
    this.parts = []
    /** @type {string[]} */
    this.definitions = []
  }

  /**
   * @param {string} tag
   * @param {Record<string, string | number>} attributes
   * @param {string} [text]
   */
  add(tag, attributes, text = "") {
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${plain(value)}"`).join("")
    this.parts.push(text ? `<${tag}${written}>${escape(text)}</${tag}>` : `<${tag}${written}/>`)
  }

  /**
   * Write a line of text; `y` is the baseline.
   *
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {number} size
   * @param {{ anchor?: "start" | "middle" | "end", colour?: string, bold?: boolean }} [how]
   */
  text(text, x, y, size, { anchor = "start", colour = this.look.ink, bold = false } = {}) {
    if (!text) return
    this.add("text", {
      x, y, "font-size": size, fill: colour, ...(anchor === "start" ? {} : { "text-anchor": anchor }),
      ...(bold ? { "font-weight": 700 } : {}),
    }, text)
  }

  /**
   * @param {Box} box
   * @param {Record<string, string | number>} how
   */
  rect([x, y, width, height], how) {
    this.add("rect", { x, y, width, height, ...how })
  }

  /**
   * Draw a picture in a box: cell by cell where a cell is larger than a pixel.
   *
   * @param {string} href
   * @param {Box} box
   * @param {{ cells?: boolean, clip?: string }} [how]
   */
  image(href, [x, y, width, height], { cells = true, clip = "" } = {}) {
    this.add("image", {
      x, y, width, height, preserveAspectRatio: "none", ...(cells ? { style: "image-rendering:pixelated" } : {}),
      ...(clip ? { "clip-path": `url(#${clip})` } : {}), href,
    })
  }

  /**
   * Make a clip path, outside which nothing is drawn; returns its id.
   *
   * @param {Box} box
   */
  clip([x, y, width, height]) {
    const name = `clip${this.definitions.length}`
    const [left, top, w, h] = [x, y, width, height].map(plain)
    this.definitions.push(`<clipPath id="${name}"><rect x="${left}" y="${top}" width="${w}" height="${h}"/></clipPath>`)
    return name
  }

  /**
   * Make a pattern of slanted lines to fill a shape with; returns its id.
   *
   * @param {string} colour
   */
  hatch(colour) {
    const name = `hatch${colour.replace(/\W/g, "")}`
    const made = `<pattern id="${name}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
      `<rect width="1.2" height="7" fill="${escape(colour)}"/></pattern>`
    if (!this.definitions.includes(made)) this.definitions.push(made)
    return name
  }

  /**
   * Clip everything that `act` draws.
   *
   * @param {string} clip
   * @param {() => void} act
   */
  within(clip, act) {
    this.parts.push(`<g clip-path="url(#${clip})">`)
    act()
    this.parts.push("</g>")
  }

  /**
   * The whole drawing.
   *
   * @param {number} width
   * @param {number} height
   * @param {string} title For those who cannot see it.
   */
  svg(width, height, title) {
    const [w, h] = [width, height].map(side => Math.ceil(side))
    const { paper } = this.look
    const ground = paper ? `<rect width="${w}" height="${h}" fill="${paper}"/>` : ""
    const defined = this.definitions.length ? `<defs>${this.definitions.join("")}</defs>` : ""
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" ` +
      `font-family="${FONT}" role="img"><title>${escape(title)}</title>${defined}${ground}${this.parts.join("")}</svg>\n`
  }
}
