// @ts-check
// A module is called again on every change of its data; what it has created stays with its mount.

/** @template {object} Thing */
export class Mounts {
  /** @param {(root: ShadowRoot) => Thing} make */
  constructor(make) {
    this.make = make
    /** @type {WeakMap<ShadowRoot, Thing>} */
    this.things = new WeakMap()
  }

  /**
   * The thing of a mount; created on first use.
   *
   * @param {ShadowRoot} root
   * @returns {Thing}
   */
  of(root) {
    const thing = this.things.get(root) ?? this.make(root)
    this.things.set(root, thing)
    return thing
  }

  /** @param {ShadowRoot} root */
  forget(root) {
    this.things.delete(root)
  }
}
