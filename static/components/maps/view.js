// One coordinate system for all panes of a board: cells of the picture. A view says which part
// of the world a pane shows; `zoom` 1 is the whole of it.

const MAX_CELL = 96 // CSS pixels a cell of the picture, at the closest

/** How a world (top, left, bottom, right) lies on a pane of width × height CSS pixels. */
export function fit(world, width, height, view) {
  const [top, left, bottom, right] = world
  const whole = Math.min(width / (right - left), height / (bottom - top))
  const scale = whole * view.zoom
  return {
    scale,
    x: column => (column - view.x) * scale + width / 2,
    y: row => (row - view.y) * scale + height / 2,
    column: x => (x - width / 2) / scale + view.x,
    row: y => (y - height / 2) / scale + view.y,
  }
}

/** The view of the whole world. */
export function home(world) {
  const [top, left, bottom, right] = world
  return { zoom: 1, x: (left + right) / 2, y: (top + bottom) / 2 }
}

/** The view in which `cells` cells fill a pane, around the lines of the picture that are traced. */
export function near([[rows], [columns]], cells, world) {
  const [top, left, bottom, right] = world
  const middle = lines => (lines[0] + lines[lines.length - 1] + 1) / 2
  const zoom = Math.max(1, Math.max(bottom - top, right - left) / cells)
  return inside({ zoom, x: middle(columns), y: middle(rows) }, world)
}

/** Change the zoom by a factor; the place (column, row) stays where it is on the screen. */
export function zoomed(view, factor, column, row, world, width, height) {
  const [top, left, bottom, right] = world
  const whole = Math.min(width / (right - left), height / (bottom - top))
  const most = Math.max(1, MAX_CELL / whole)
  const zoom = Math.min(most, Math.max(1, view.zoom * factor))
  const kept = view.zoom / zoom
  return inside({ zoom, x: column + (view.x - column) * kept, y: row + (view.y - row) * kept }, world)
}

/** Keep the world in sight: a view that is not zoomed in stands at home. */
export function inside(view, world) {
  const [top, left, bottom, right] = world
  const half = 0.5 / view.zoom
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value))
  return {
    zoom: view.zoom,
    x: clamp(view.x, left + (right - left) * half, right - (right - left) * half),
    y: clamp(view.y, top + (bottom - top) * half, bottom - (bottom - top) * half),
  }
}
