// Colours as Uint32 in the byte order of ImageData: alpha, blue, green, red.

export const rgb = (red, green, blue) => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0

/** A table of 256 × 3 bytes as 256 colours. */
export function palette(bytes) {
  return Uint32Array.from({ length: 256 }, (_, i) => rgb(bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]))
}

/** The first `levels` colours as a CSS gradient from left to right. */
export function gradient(colours, levels, stops = 9) {
  const css = colour => `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})`
  const at = i => colours[Math.round((i * (levels - 1)) / (stops - 1))]
  return `linear-gradient(90deg, ${Array.from({ length: stops }, (_, i) => css(at(i))).join(", ")})`
}

/** Whether the page's background is dark; the theme comes as CSS variables. */
export function isDark(element) {
  const probe = document.createElement("canvas").getContext("2d")
  probe.fillStyle = getComputedStyle(element).getPropertyValue("--st-background-color").trim()
  const [red, green, blue] = [1, 3, 5].map(i => parseInt(probe.fillStyle.slice(i, i + 2), 16))
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128
}

/** The colour as CSS, and black or white to write on it. */
export function ink(colour) {
  const [red, green, blue] = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]
  const bright = 0.299 * red + 0.587 * green + 0.114 * blue > 140
  return { background: `rgb(${red} ${green} ${blue})`, color: bright ? "#14171c" : "#ffffff" }
}
