package otlp

import (
	"encoding/binary"
	"strings"
	"time"
)

// Kinds of spans, as OTLP numbers them.
const (
	kindInternal = 1
	kindServer   = 2
	kindClient   = 3
)

// span is one span as it will be sent.
type span struct {
	trace      traceID
	id, parent spanID
	name       string
	kind       uint64
	start, end time.Time
	state      string
	attributes []byte // encoded
	failed     bool
	message    string
}

// Fields of the messages of opentelemetry/proto/trace/v1/trace.proto and common.proto.
const (
	requestResourceSpans = 1
	resourceSpansHas     = 1
	resourceSpansScopes  = 2
	resourceAttributes   = 1
	scopeSpansScope      = 1
	scopeSpansSpans      = 2
	scopeName            = 1
	scopeVersion         = 2

	spanTrace      = 1
	spanSpan       = 2
	spanState      = 3
	spanParent     = 4
	spanName       = 5
	spanKind       = 6
	spanStart      = 7
	spanEnd        = 8
	spanAttributes = 9
	spanStatus     = 15

	statusMessage = 2
	statusCode    = 3
	statusError   = 2

	keyValueKey   = 1
	keyValueValue = 2
	anyString     = 1
	anyInt        = 3
)

// Wire types of protocol buffers.
const (
	wireVarint = 0
	wireFixed  = 1
	wireBytes  = 2
)

func tag(b []byte, field, wire uint64) []byte { return binary.AppendUvarint(b, field<<3|wire) }

func number(b []byte, field, v uint64) []byte {
	return binary.AppendUvarint(tag(b, field, wireVarint), v)
}

func fixed(b []byte, field, v uint64) []byte {
	return binary.LittleEndian.AppendUint64(tag(b, field, wireFixed), v)
}

func message(b []byte, field uint64, v []byte) []byte {
	return append(binary.AppendUvarint(tag(b, field, wireBytes), uint64(len(v))), v...)
}

func text(b []byte, field uint64, v string) []byte {
	if v == "" {
		return b
	}
	v = strings.ToValidUTF8(v, "\uFFFD") // a receiver refuses all of a request with text that is none
	return append(binary.AppendUvarint(tag(b, field, wireBytes), uint64(len(v))), v...)
}

func keyValue(key string, value []byte) []byte {
	return message(text(nil, keyValueKey, key), keyValueValue, value)
}

// add adds an attribute; one that is empty is left out.
func (s *span) add(key, value string) {
	if value != "" {
		s.attributes = message(s.attributes, spanAttributes, keyValue(key, text(nil, anyString, value)))
	}
}

func (s *span) addInt(key string, value int64) {
	s.attributes = message(s.attributes, spanAttributes, keyValue(key, number(nil, anyInt, uint64(value))))
}

func (s *span) encode() []byte {
	b := message(nil, spanTrace, s.trace[:])
	b = message(b, spanSpan, s.id[:])
	b = text(b, spanState, s.state)
	if s.parent != (spanID{}) {
		b = message(b, spanParent, s.parent[:])
	}
	b = text(b, spanName, s.name)
	b = number(b, spanKind, s.kind)
	b = fixed(b, spanStart, uint64(s.start.UnixNano()))
	b = fixed(b, spanEnd, uint64(max(s.end.UnixNano(), s.start.UnixNano())))
	b = append(b, s.attributes...)
	if s.failed {
		b = message(b, spanStatus, number(text(nil, statusMessage, s.message), statusCode, statusError))
	}
	return b
}

// request is an ExportTraceServiceRequest of these spans.
func (t *Tracer) request(spans []span) []byte {
	var resource []byte
	for _, x := range [][2]string{{"service.name", t.o.Service}, {"service.version", t.o.Version}} {
		resource = message(resource, resourceAttributes, keyValue(x[0], text(nil, anyString, x[1])))
	}
	scope := message(nil, scopeSpansScope, text(text(nil, scopeName, "flowdeck"), scopeVersion, t.o.Version))
	for i := range spans {
		scope = message(scope, scopeSpansSpans, spans[i].encode())
	}
	return message(nil, requestResourceSpans, message(message(nil, resourceSpansHas, resource), resourceSpansScopes, scope))
}
