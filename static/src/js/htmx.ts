// htmx as a module. It publishes itself as the global that its extensions look for.
import htmx from 'htmx.org/dist/htmx.esm.js';
export default htmx;
