// What is used of htmx's interface.
declare module 'htmx.org/dist/htmx.esm.js' {
  interface Swap { text: string; target: Element; sourceElement: Element; swap: string; hx: object }
  const htmx: {
    swap(what: Swap): Promise<void>;
    ajax(method: string, path: string, options: { source?: string; target: string; swap: string }): Promise<void>;
    process(root: Element): void;
    registerExtension(name: string, hooks: object): boolean;
  };
  export default htmx;
}
declare module 'htmx.org/dist/ext/hx-sse.js';
