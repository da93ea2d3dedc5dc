import { crc32, deflateRawSync } from 'node:zlib';

/** A zip file of texts by their paths. */
export function zip(files: Record<string, string>): Buffer {
	const parts: Buffer[] = [], list: Buffer[] = [];
	let at = 0;
	for (const [path, text] of Object.entries(files)) {
		const name = Buffer.from(path), data = Buffer.from(text), packed = deflateRawSync(data);
		const about = Buffer.alloc(26);
		about.writeUInt16LE(20, 0); // version; then flags, method, time and date
		about.writeUInt16LE(8, 4);
		about.writeUInt32LE(crc32(data), 10);
		about.writeUInt32LE(packed.length, 14);
		about.writeUInt32LE(data.length, 18);
		about.writeUInt16LE(name.length, 22);
		const where = Buffer.alloc(14);
		where.writeUInt32LE(at, 10);
		list.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), about, where, name);
		const part = [Buffer.from('PK\x03\x04', 'latin1'), about, name, packed];
		parts.push(...part);
		at += part.reduce((sum, p) => sum + p.length, 0);
	}
	const index = Buffer.concat(list), end = Buffer.alloc(18);
	const count = Object.keys(files).length;
	end.writeUInt16LE(count, 4);
	end.writeUInt16LE(count, 6);
	end.writeUInt32LE(index.length, 8);
	end.writeUInt32LE(at, 12);
	return Buffer.concat([...parts, index, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
