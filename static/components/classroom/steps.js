// @ts-check
// A step of the class: header length (uint32, little-endian), header (JSON), then the parts that are
// sent; cnnviz/ui/server/rooms/protocol.py describes the contents.

import { inflated, joined } from "../live/wire.js"

/** @typedef {{ board: string, stage: number, row: number, column: number, chain: number, pinned: boolean }} Cell */
/**
 * @typedef {{ kind: "stage", number: string, text: string } | { kind: "sentence", text: string }
 *   | { kind: "component", key: string, module: string, html: string, json: boolean }} Thing
 */
/** @typedef {Thing & { region: "maps" | "bench" | "head" | "" }} Item */
/**
 * @typedef {{ page: string, title: string, subtitle: string, link: string, photo: string, items: Item[] }} Screen
 */
/** @typedef {(string | number)[]} Part */
/**
 * @typedef {{ step: number, screen?: Screen, put?: { to: string, parts: Part[] }[], gone?: string[],
 *   cell?: Cell | null }} Header
 */
/** @typedef {Omit<Header, "put"> & { put: Map<string, Uint8Array<ArrayBuffer>> }} Step */

const SAME = 0, RAW = 1, DEFLATED = 2

/** Reads the steps of one connection: parts the tab already has are not sent again. */
export class Steps {
  constructor() {
    /** @type {Map<string, Map<string, Uint8Array>>} */
    this.held = new Map() // receiver → its last parts, by digest
  }

  /**
   * @param {ArrayBuffer} buffer
   * @returns {Promise<Step>}
   */
  async read(buffer) {
    const length = new DataView(buffer).getUint32(0, true)
    /** @type {Header} */
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
    // Parts of an earlier step, or from earlier in this one.
    const here = new Map([...this.held.values()].flatMap(parts => [...parts]))
    for (const name of header.gone ?? []) this.held.delete(name)
    /** @type {Step["put"]} */
    const put = new Map()
    let at = 4 + length
    for (const { to, parts } of header.put ?? []) {
      const read = []
      /** @type {Map<string, Uint8Array>} */
      const kept = new Map()
      for (const [kind, ...how] of parts) {
        const size = kind === SAME ? 0 : Number(how[kind === RAW ? 0 : 1])
        const sent = new Uint8Array(buffer, at, size)
        at += size
        const digest = String(how[how.length - 1])
        const bytes = kind === SAME ? here.get(digest) : kind === DEFLATED ? await inflated(sent) : sent
        if (!bytes) throw new Error(`part ${digest} of ${to} is not here`)
        read.push(bytes)
        if (!digest) continue
        kept.set(digest, bytes)
        here.set(digest, bytes)
      }
      this.held.set(to, kept)
      put.set(to, joined(read))
    }
    return { ...header, put }
  }
}
