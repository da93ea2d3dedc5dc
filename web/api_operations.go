package web

import "slices"

// operations lists everything the API does, resource by resource.
func operations() []*operation {
	return slices.Concat(flowOperations(), draftOperations(), runOperations(), redoOperations(), connectionOperations(), bundleOperations(), metricsOperations())
}

// Headers that several operations have.
var (
	etagHeader     = apiParam{name: "ETag", kind: "string", text: "The revision, for If-Match."}
	ifMatchHeader  = apiParam{name: "If-Match", kind: "string", text: "The ETag that was read: 412 when it is not the newest any more. * for whatever there is."}
	locationHeader = apiParam{name: "Location", kind: "string", text: "Where it is."}
)
