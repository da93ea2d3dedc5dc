// The one entry point: htmx, its stream extension, then our own elements and listeners.
import './htmx';
import 'htmx.org/dist/ext/hx-sse.js';
