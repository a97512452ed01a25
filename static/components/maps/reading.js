// @ts-check
// Everything that belongs to the cell under the cursor of a board.

import { convolve, nearest, pool, pools, trace } from "./arithmetic.js"

/** @import { Message } from "../core/message.js" */
/** @import { Convolved, Input, Lines, Place, Pooled } from "./arithmetic.js" */
/** @import { Chain, Cursor, Header } from "./header.js" */

/**
 * The feature cell with its arithmetic and its pooling window, and the lines that it is computed
 * from and feeds, down and across. If kinds of pooling are compared, `poolings` has all of them.
 *
 * @typedef {Convolved & { chain: Chain, cell: Place, lines: [Lines, Lines],
 *   pooled: (Pooled & { cell: Place }) | null, poolings: Pooled[] }} Reading
 */

/**
 * How the exact input is read.
 *
 * @param {Message<Header>} message
 * @returns {Input | null}
 */
export function reader({ header: { input }, plane }) {
  if (!input) return null
  const { offset, channels, height, width, factor, exact, black } = input
  const size = channels * height * width
  const bytes = plane(offset, exact ? 8 * size : size)
  const values = exact ? new Float64Array(bytes.slice().buffer) : bytes
  const from = exact ? 0 : black
  return {
    channels, height, width,
    value: (channel, row, column) => from + values[(channel * height + row) * width + column] * factor,
  }
}

/**
 * @param {Header} header
 * @param {Chain} chain
 * @param {Input} input
 * @param {Cursor} cursor
 * @returns {Reading}
 */
export function read(header, chain, input, { stage, row, column }) {
  /** @type {Place} */
  const at = [row, column]
  const place = pools(chain) ? pooledAt(chain, stage, at) : null
  const pooled = place && pools(chain) ? { ...pool(chain, input, ...place), cell: place } : null
  let cell = at
  if (stage === 0) cell = nearestCell(chain, at)
  // For a pooled cell, the arithmetic is that of the winner, or of the window's first cell.
  else if (stage === 3 && pooled) cell = pooled.cells[pooled.winner >= 0 ? pooled.winner : pooled.cells.findIndex(c => !c.outside)].at
  return {
    chain, cell, pooled,
    lines: [trace(chain, 0, stage, [row]), trace(chain, 1, stage, [column])],
    poolings: pooled ? poolings(header, chain, input, pooled) : [],
    ...convolve(chain, input, ...cell),
  }
}

/**
 * @param {Chain} chain
 * @param {Place} at
 * @returns {Place}
 */
const nearestCell = (chain, [row, column]) => [nearest(chain, 0, row), nearest(chain, 1, column)]

/**
 * The first cell of the pooled map that a cell of a stage feeds; null if it feeds none.
 *
 * @param {Chain} chain
 * @param {number} stage
 * @param {Place} at
 * @returns {Place | null}
 */
function pooledAt(chain, stage, at) {
  if (stage === 3) return at
  const [row, column] = stage === 0 ? nearestCell(chain, at) : at
  const [down, across] = [trace(chain, 0, 1, [row])[3], trace(chain, 1, 1, [column])[3]]
  return down.length && across.length ? [down[0], across[0]] : null
}

/**
 * The pooling of a cell; where chains are linked, each kind of pooling, maximum before mean.
 *
 * @param {Header} header
 * @param {Chain} chain
 * @param {Input} input
 * @param {Pooled & { cell: Place }} pooled
 */
function poolings({ chains, linked }, chain, input, pooled) {
  const other = linked ? chains.filter(pools).find(one => one.pooling.kind !== chain.pooling?.kind) : undefined
  const both = [pooled, ...(other ? [pool(other, input, ...pooled.cell)] : [])]
  return both.sort((a, b) => (a.kind < b.kind ? 1 : -1))
}
