/** What Streamlit passes to the default export of a module, at first and on each change. */
export interface Component<Data> {
  data: Data
  /** The component's own part of the page, with its HTML. */
  parentElement: ShadowRoot
  /** Store a value on the server until another one is set; the page runs. While disconnected, it waits. */
  setStateValue(name: string, value: unknown): void
  /** Send a value to the server for one run of the page. While disconnected, it waits. */
  setTriggerValue(name: string, value: unknown): void
}

/** A module's default export; the function it returns is called once, when the component is removed. */
export type Mount = (component: Component<any>) => (() => void) | void
