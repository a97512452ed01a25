/** What Streamlit hands to the default export of a module, at first and with each change. */
export interface Component<Data> {
  data: Data
  /** The component's own part of the page, with its HTML. */
  parentElement: ShadowRoot
  /** Keep a value at the server until another one is set; the page runs. */
  setStateValue(name: string, value: unknown): void
  /** Send a value to the server for one run of the page. */
  setTriggerValue(name: string, value: unknown): void
}

/** A module's default export; what it returns is called once, when the component goes. */
export type Mount = (component: Component<any>) => (() => void) | void
