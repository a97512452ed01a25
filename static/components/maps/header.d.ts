/** What a board's message says of its maps. Made of cnnviz/ui/maps/header.py:
 * change that, then run python -m scripts.header_types. */

/** The pooling of a chain. */
export interface Pooling {
  kind: "max" | "average"
  window: [number, number]
  stride: [number, number]
  pads: [number, number]
  include: boolean
}

/** The sizes of the maps of a chain. */
export interface Sizes {
  input: [number, number]
  features: [number, number]
  pooled: [number, number]
}

/** A batch normalisation before or after the activation of a chain. */
export interface Norm {
  place: "before" | "after"
  mean: number
  variance: number
  epsilon: number
  gamma: number
  beta: number
}

/** A recipe as the browser computes it: one kernel, an activation, and maybe a pooling. */
export interface Chain {
  title: string
  kernelLabel: string
  matrices: number[][][]
  divisor: number
  flip: boolean
  bias: number
  stride: [number, number]
  dilation: [number, number]
  pads: [[number, number], [number, number]]
  mode: "zeros" | "reflect" | "replicate" | "circular"
  activation: string
  activationTitle: string
  bounded: boolean
  parameters: Record<string, number>
  norm: Norm | null
  pooling: Pooling | null
  sizes: Sizes
  unread: ([number[], number[]] | null)[]
}

/** The chart below a map: a histogram, and maybe the curve of an activation. */
export interface Chart {
  limit: number
  counts: number[]
  curve: boolean
  marks: "features" | "activated" | null
  note: string
}

/** One map of a board. */
export interface PaneHeader {
  stage: number
  slot: number
  title: string
  height: number
  width: number
  channels: number
  picture: boolean
  grey: boolean
  black: number
  white: number
  role: "" | "picture" | "plane" | "convolution" | "part" | "normalised" | "activation" | "pooling" | "loss"
  chain: number | null
  channel: number
  chart: Chart | null
  outline: [number, number, number, number] | null
  over: boolean
  place: [number, number, number, number]
  legend: [string, string, string]
  figures: string
  alt: string
  offset: number
  which?: number
  numbers: number | null
}

/** Where the exact input is in the message, and how to read it. */
export interface Input {
  channels: number
  height: number
  width: number
  offset: number
  factor: number
  exact: boolean
  black: number
  white: number
}

/** A cell of a map. */
export interface Cursor {
  stage: number
  row: number
  column: number
  chain: number
}

/** Where the colour tables of the themes are in the message. */
export interface Tables {
  light: number
  dark: number
}

/** The header of a board's message; optional fields come with the arithmetic. */
export interface Header {
  board: string
  world: [number, number, number, number]
  table: Tables
  panes: PaneHeader[]
  chains: Chain[]
  input: Input | null
  kernelTable?: Tables
  predict?: boolean
  closeup?: number
  linked?: boolean
  panel?: boolean
  start?: Cursor
  subject?: string
  pin?: string
}
