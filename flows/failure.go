package flows

// PathOnFailure is where a run begins the run of its flow for failures. No step has
// this path.
const PathOnFailure Path = "!failure"

// Failure says of a run that failed for good what was done about it at once.
type Failure struct {
	// Problem is why the flow for failures was not begun, "" when it was or there is none.
	Problem string
}
