// @ts-check
// Headings and sentences of the teacher's page, from the little Markdown they are written in.

import { make } from "../core/dom.js"

/** @typedef {{ kind: "stage", number: string, text: string } | { kind: "sentence", text: string }} Text */

/** @param {Text} item */
export function written(item) {
  if (item.kind === "sentence") {
    const box = make("div", "sentence")
    for (const paragraph of item.text.split(/\n{2,}/)) {
      const line = make("p", "", box)
      for (const [kind, text] of spans(paragraph)) line.append(kind ? make(kind, "", null, text) : text)
    }
    return box
  }
  const heading = make("h2", "stage")
  if (item.number) make("span", "", heading, item.number)
  heading.append(item.text)
  return heading
}

/**
 * The parts of a text that are bold, in italics, code, or plain.
 *
 * @param {string} text
 * @returns {["strong" | "em" | "code" | "", string][]}
 */
export function spans(text) {
  return text.replace(/&nbsp;/g, "\u00a0").split(/(\*\*.+?\*\*|\*[^*\s][^*]*\*|`[^`]+`)/).filter(Boolean).map(part => {
    if (/^\*\*.+\*\*$/.test(part)) return ["strong", unescaped(part.slice(2, -2))]
    if (/^\*.+\*$/.test(part)) return ["em", unescaped(part.slice(1, -1))]
    if (/^`.+`$/.test(part)) return ["code", part.slice(1, -1)]
    return ["", unescaped(part)]
  })
}

/** @param {string} text */
const unescaped = text => text.replace(/\\([\\`*_{}[\]()#+\-.!$~<>|:])/g, "$1")
