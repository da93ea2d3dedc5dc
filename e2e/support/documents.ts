import type { FlowFile } from './client.ts';

/** An input that callers send. */
export const input = (name: string, type = 'text', required = false, from = 'body') => ({ name, type, required, from });

/** The trigger of a flow that is called over HTTP. */
export const endpoint = (...inputs: object[]) => ({ id: 'endpoint', card: 'event.endpoint', inputs: { inputs } });

/** The trigger of a flow that people start. */
export const manual = (...inputs: object[]) => ({ id: 'start', card: 'event.manual', inputs: { inputs } });

/** A card that reads. */
export const get = (id: string, url: string, more: object = {}) => ({ id, card: 'http.get', title: title(id), inputs: { url }, ...more });

/** A card that writes. */
export const post = (id: string, url: string, body = '{}', more: object = {}) => ({ id, card: 'http.post', title: title(id), inputs: { url, body }, ...more });

/** A card that answers the caller. */
export const close = (id: string, status_code: number, body: string, more: object = {}) => ({ id, card: 'http.close', title: title(id), inputs: { status_code, body, ...more } });

/** A card that ends the run with values. */
export const giveBack = (values: object) => ({ id: 'return', card: 'control.return', inputs: { values } });

/** A flow of these cards, public unless settings say otherwise. */
export function flow(name: string, trigger: object, chain: object[], settings: object = { security: 'public' }): FlowFile {
	return { name, alias: name.toLowerCase().replace(/\W+/g, '-').slice(0, 60), settings, document: { format: 1, trigger, chain } };
}

const title = (id: string) => id[0].toUpperCase() + id.slice(1).replaceAll('_', ' ');
