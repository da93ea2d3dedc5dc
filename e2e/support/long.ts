import type { FlowFile } from './client.ts';
import { flow, get, manual, post } from './documents.ts';

/** A flow of many cards with branches, whose cards refer to one another. */
export function longFlow(cards: number, url = 'https://api.example.com'): FlowFile {
	const chain: object[] = [];
	for (let i = 0; i * 4 < cards; i++) {
		chain.push(get(`get_${i}`, `${url}/items/${i}`), {
			id: `if_${i}`, card: 'control.if', title: `If ${i}`,
			inputs: { conditions: [{ left: `{{get_${i}.status_code}}`, operator: 'equals', right: '200' }] },
			blocks: {
				then: { chain: [post(`post_${i}`, `${url}/items`, `{"id": {{get_${i}.status_code}}}`)] },
				else: { chain: [{ id: `text_${i}`, card: 'text.compose', title: `Text ${i}`, inputs: { text: `No {{get_${i}.status_code}}` } }] },
			},
		});
	}
	return flow(`Long ${cards}`, manual(), chain);
}
