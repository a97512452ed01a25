// @ts-check
// Where a square lies in a picture: in percent of the free space, and in pixels.

const [MOST, LEAST] = [[190, 230], 16] // CSS pixels, height and width

/** @typedef {{ across: number, down: number }} Place In percent, whole. */

/**
 * The height and the width of the picture in CSS pixels: as large as fits, and never just a line.
 *
 * @param {[height: number, width: number]} size
 */
export function shown([height, width]) {
  const scale = Math.min(MOST[0] / height, MOST[1] / width)
  return [height, width].map(length => Math.max(LEAST, Math.round(length * scale)))
}

/**
 * The square in pixels, as the server cuts it.
 *
 * @param {[height: number, width: number]} size
 * @param {number} part Its side, as percent of the shorter side.
 * @param {Place} place
 */
export function squareOf([height, width], part, { across, down }) {
  const side = Math.max((Math.min(height, width) * part) / 100, 1)
  return { left: ((width - side) * across) / 100, top: ((height - side) * down) / 100, side }
}

/**
 * The place after a drag, in pixels of the picture; along an axis without room it stays.
 *
 * @param {[height: number, width: number]} size
 * @param {number} part
 * @param {Place} from
 * @param {readonly [right: number, down: number]} by
 * @returns {Place}
 */
export function dragged(size, part, from, [right, down]) {
  const { side } = squareOf(size, part, from)
  const moved = (/** @type {number} */ start, /** @type {number} */ length, /** @type {number} */ way) =>
    length - side < 1 ? start : within(start + (100 * way) / (length - side))
  return { across: moved(from.across, size[1], right), down: moved(from.down, size[0], down) }
}

/**
 * The place after a key: some percent up, down, left or right.
 *
 * @param {Place} from
 * @param {[down: number, right: number]} step
 * @param {number} times
 * @returns {Place}
 */
export const stepped = (from, [down, right], times) => ({
  across: within(from.across + right * times), down: within(from.down + down * times),
})

/** @param {number} percent */
const within = percent => Math.round(Math.min(100, Math.max(0, percent)))
