// @ts-check
// A browser that translates the page replaces Streamlit's texts with <font> elements. React, with which
// Streamlit is built, still refers to the original text nodes: a change to one of them does not show,
// and if React removes one, or inserts something before it, the browser throws an error and that part
// of the page disappears. Marking elements as not to be translated (core/load.js) protects only our own
// components. So before React touches a text node that was taken out, the node is put back in its
// place; the browser then translates it again.

/** @type {WeakMap<Node, Element>} */
const standIns = new WeakMap()

/**
 * Put a text, or another node that was taken from `parent`, back where it was.
 *
 * @param {Node | null} node
 * @param {Node} parent
 */
function bringBack(node, parent) {
  if (!node || node.parentNode === parent) return
  let place = standIns.get(node) ?? node.parentElement
  while (place && place.parentNode !== parent) place = place.parentElement
  if (place instanceof HTMLElement && place.tagName === "FONT") replace.call(parent, node, place)
}

const { insertBefore: insert, removeChild: remove, replaceChild: replace } = Node.prototype

/**
 * @template {Node} Kind
 * @this {Node}
 * @param {Kind} node
 */
Node.prototype.removeChild = function (node) {
  bringBack(node, this)
  return /** @type {Kind} */ (remove.call(this, node))
}

/**
 * @template {Node} Kind
 * @this {Node}
 * @param {Kind} node
 * @param {Node | null} next
 */
Node.prototype.insertBefore = function (node, next) {
  bringBack(next, this)
  return /** @type {Kind} */ (insert.call(this, node, next))
}

const written = new MutationObserver(records => {
  for (const { target } of records) {
    const place = standIns.get(target)
    if (place?.parentNode && !target.isConnected) bringBack(target, place.parentNode)
  }
})

new MutationObserver(records => {
  for (const { addedNodes, nextSibling, previousSibling, removedNodes } of records) {
    const place = [addedNodes[0], previousSibling, nextSibling].find(node => node?.nodeName === "FONT")
    if (!place) continue
    for (const node of removedNodes) {
      if (!(node instanceof Text) || node.isConnected) continue
      standIns.set(node, /** @type {Element} */ (place))
      written.observe(node, { characterData: true })
    }
  }
}).observe(document, { childList: true, subtree: true })
