package otlp

import "encoding/binary"

// Fields of an ExportTraceServiceResponse.
const (
	responsePartial = 1
	partialRefused  = 1
	partialMessage  = 2
)

// refusedBy is how many spans an answer says were refused, and why; 0 when it cannot be read.
func refusedBy(answer []byte) (n int64, why string) {
	eachField(answer, func(field, _ uint64, partial []byte) {
		if field != responsePartial {
			return
		}
		eachField(partial, func(field, number uint64, text []byte) {
			switch field {
			case partialRefused:
				n = int64(number)
			case partialMessage:
				why = string(text)
			}
		})
	})
	return n, why
}

// eachField reads the fields of a message, as far as they can be read: numbers, and texts or
// messages inside of it.
func eachField(b []byte, f func(field, number uint64, text []byte)) {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return
		}
		b = b[n:]
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return
		}
		switch b = b[n:]; key & 7 {
		case wireVarint:
			f(key>>3, v, nil)
		case wireBytes:
			if v > uint64(len(b)) {
				return
			}
			f(key>>3, 0, b[:v])
			b = b[v:]
		default: // there are no others in this message
			return
		}
	}
}
