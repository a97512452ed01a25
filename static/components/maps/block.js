// @ts-check
// The maps of a stage as one block that fills the free space of the window: how many columns, how wide.

import { isPresenting, large } from "../core/present.js"

const GAP = 6 // CSS pixels between maps
const BESIDE = 14 // between maps and bench
const LEGEND = 19 // the line below a map
const SECOND = 15 // a second line below a small map: its colours or, while presenting, the rest of its name
const SMALL = 210 // the widest map with such a second line
const CHART = 26 // a small chart below the legend
const ASIDE = 92 // a column beside a map for its text, which may replace the legend on wide screens
const WIDE = 1600
const LOW = 760 // in a lower window the bench is wider, so that the arithmetic takes fewer lines
const ROOMY = 400 // the least width of that bench
const SENTENCE = 208 // the arithmetic below the maps
const NARROW = 900 // in a narrower window the bench is below the maps
const FEW = 4 // maps that share a phone's screen; more of them scroll, three in a row
const LEAST = 120 // the smallest map on a phone held sideways or in a low window, if the width allows it
const PORTRAIT_SHARE = 0.6 // share of the height for the maps above a bench
const MOST_BELOW = 0.58 // share of the height for everything below the maps while presenting
const EDGE = 12 // below the part of the arithmetic that many maps leave visible
const READABLE = 36 // the smallest cell of a close-up in which three numbers are readable
const MOST_LINES = 2 // rows of maps in one place that still share the height; more of them scroll

/**
 * The least width of the bench: less for many maps, and for two with their arithmetic below.
 *
 * @param {number} count
 * @param {number} height
 * @param {boolean} below
 */
const bench = (count, height, below) => (below ? 300 : height < LOW ? ROOMY : count > 4 ? 304 : count < 3 ? 300 : 390)

/**
 * Arrange `count` places in width × height CSS pixels, including the bench. Each place holds up to
 * `deep` stacked maps of an aspect (height ÷ width). Returns the number of columns, the width of a map,
 * and whether its text goes beside it. On a phone, up to four maps are in two columns, or in more if it
 * is held sideways; a close-up of `closeup` cells (0: none) is as large as its numbers need, and a place
 * with two maps has a line to itself, with the two side by side. `columns` sets the number of columns
 * where there is room; on an upright phone, four become two, and maps that are presented stand in one line
 * if that makes them larger. Unless all places fit in one line, the `first` few have a line of their own.
 * With `alone`, there is no bench, or it is below. With `below`, the arithmetic is below the maps. `large`
 * is how many times larger than usual all text is.
 *
 * @param {{ count: number, aspect: number, width: number, height: number, columns?: number, deep?: number,
 *   first?: number, charts?: boolean, alone?: boolean, below?: boolean, closeup?: number, large?: number }} asked
 */
export function arrangement({ count, aspect, width, height, columns: given = 0, deep = 1, first = 0, charts = false, alone = false, below = false, closeup = 0, large = 1 }) {
  const narrow = width < NARROW
  const room = narrow || alone ? width : width - bench(count, height, below) - BESIDE
  const most = narrow ? PORTRAIT_SHARE * height : height - (below && !alone ? SENTENCE : 0)
  const read = narrow && closeup > 0 ? Math.floor(room / (closeup * READABLE)) : 0
  const across = (/** @type {number} */ columns) => (room - (columns - 1) * GAP) / columns
  if (narrow && deep === 2) return { columns: 1, aside: false, map: Math.floor(across(2)) }
  const fits = (/** @type {number} */ columns, /** @type {boolean} */ aside) => {
    const lines = (isBroken(first, columns, count) ? Math.ceil(first / columns) + Math.ceil((count - first) / columns) : Math.ceil(count / columns)) * deep
    const wide = across(columns) - (aside ? large * ASIDE : 0)
    const said = large * ((aside ? 0 : LEGEND) + (charts ? CHART : 0))
    const scrolls = narrow ? deep > 1 || count > FEW || read > 0 : deep > MOST_LINES
    const down = (/** @type {number} */ said) => ((most - (lines - 1) * GAP) / lines - said) / aspect
    const widest = (/** @type {number} */ said) => Math.floor(scrolls ? wide : Math.min(wide, down(said)))
    const map = widest(said)
    return { columns, aside, map: aside || map > SMALL ? map : widest(said + large * SECOND) }
  }
  const fewest = Math.min(count, read || Infinity, given === FEW ? FEW / 2 : count > FEW ? 3 : 2)
  const [least, last] = narrow ? [fewest, count > FEW || read ? fewest : count] : deep > 1 ? [count, count] : given ? [given, given] : [1, count]
  const all = []
  if (alone && given && !narrow) all.push(fits(count, false))
  for (let columns = least; columns <= last; columns++) {
    all.push(fits(columns, false))
    if (width >= WIDE && deep === 1 && !charts) all.push(fits(columns, true))
  }
  const best = all.reduce((best, one) => (one.map > best.map ? one : best))
  return narrow ? { ...best, map: Math.max(best.map, Math.min(Math.floor(across(best.columns)), LEAST)) } : best
}

/**
 * Whether the first few places have a line of their own.
 *
 * @param {number} first
 * @param {number} columns
 * @param {number} count
 */
const isBroken = (first, columns, count) => first > 0 && columns < count && first % columns > 0

/**
 * Keep the element of a block as large as the window allows. `read` returns the arguments of
 * `arrangement`. Returns `lay`, to be called when these may have changed, and `end`, to stop.
 *
 * @param {HTMLElement} element
 * @param {Element} stage
 * @param {() => { count: number, columns: number, first: number, aspect: number, deep: number, charts: boolean, closeup: number }} read
 */
export function fill(element, stage, read) {
  const lay = () => {
    const { count, ...maps } = read()
    const width = stage.clientWidth
    if (!width || !count) return
    const alone = isPresenting()
    const above = parseFloat(getComputedStyle(stage).getPropertyValue("--above")) || 0
    const many = alone && (count > FEW || maps.deep > 1)
    const rest = many ? heightOfFirstLine(stage, element) : alone ? stage.clientHeight - element.clientHeight : 0
    const height = window.innerHeight - above - Math.min(rest, MOST_BELOW * window.innerHeight)
    const charts = maps.charts && !many
    const below = Boolean(stage.querySelector(".st-key-stage-below"))
    const { columns, aside, map } = arrangement({ count, ...maps, charts, alone, below, width, height, large: large() })
    element.classList.toggle("large", alone)
    element.classList.toggle("many", many)
    element.classList.toggle("aside", aside)
    element.classList.toggle("rows", maps.deep > 1)
    const beside = width < NARROW && maps.deep === 2
    element.classList.toggle("beside", beside)
    element.style.gridTemplateColumns = beside ? `${2 * map + GAP}px` : `repeat(${columns}, ${map + (aside ? large() * ASIDE : 0)}px)`
    const next = /** @type {HTMLElement | null} */ (maps.first ? element.children[maps.first] : null)
    if (next) next.style.gridColumnStart = isBroken(maps.first, columns, count) ? "1" : ""
  }
  const sized = new ResizeObserver(lay)
  sized.observe(stage)
  window.addEventListener("resize", lay)
  return {
    lay,
    end: () => {
      sized.disconnect()
      window.removeEventListener("resize", lay)
    },
  }
}

/**
 * The height to leave below many presented maps: everything down to the end of the first line of
 * the arithmetic; 0 if there is none.
 *
 * @param {Element} stage
 * @param {HTMLElement} element The block itself.
 */
function heightOfFirstLine(stage, element) {
  const root = element.getRootNode()
  const sums = stage.querySelector('.st-key-stage-bench [class*="-maps"] [data-testid^=stBidiComponent]')?.shadowRoot
  const lines = sums ? [...sums.querySelectorAll(".channel, .sentence > .step")] : []
  const line = lines.find(one => one.checkVisibility())
  if (!line || !(root instanceof ShadowRoot)) return 0
  return line.getBoundingClientRect().bottom - root.host.getBoundingClientRect().bottom + EDGE
}
