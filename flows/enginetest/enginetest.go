// Package enginetest is what every engine must do, over a real store, with a
// real server as the world. It knows no engine: Exercise is given one.
package enginetest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// Engine is what the suite drives: an engine that can be stopped and take up
// what another one left.
type Engine interface {
	flows.Engine
	Recover(ctx context.Context) error
	Shutdown(ctx context.Context) error
}

// Setup is what an engine is made from.
type Setup struct {
	Journal flows.Journal
	Run     func(ctx context.Context, id string) (flows.Run, error)
	Program func(ctx context.Context, documentID string) (*flows.Program, error)
	Env     func(ctx context.Context, connectionID, key string) (cards.Env, error)
	Flow    func(ctx context.Context, flowID string, draft bool) (flows.Callee, error)
	Link    func(runID string, p flows.Path) (url, hash string)
	Passes  func(error) bool
	Running int // runs at the same time; 0: the engine's default
	Queue   int // runs that wait; 0: the engine's default
	Now     func() time.Time
	Log     *slog.Logger
}

// Backend makes engines over a kind of database.
type Backend struct {
	Open   func(t *testing.T) *store.Store // a new, empty database, closed with the test
	Engine func(Setup) Engine
	// Slow says that a new database takes long: then the longest runs are killed at every
	// third commit instead of every one.
	Slow bool
}

// stride is how many commits lie between two kills of a long run.
func (b Backend) stride() int {
	if b.Slow {
		return 3
	}
	return 1
}

// Exercise runs the whole suite against b.
func Exercise(t *testing.T, b Backend) {
	for _, s := range []struct {
		name string
		test func(*testing.T, Backend)
	}{
		{"history", testHistory},
		{"answers", testAnswers},
		{"branches", testBranches},
		{"failures", testFailures},
		{"retry", testRetry},
		{"cancel", testCancel},
		{"cancel in every state", testCancelStates},
		{"time limits", testLimits},
		{"waits", testWaits},
		{"callbacks", testCallbacks},
		{"calls", testCalls},
		{"on failure", testOnFailure},
		{"waiting lanes", testWaitingLanes},
		{"failing lanes", testFailingLanes},
		{"many runs", testMany},
		{"watching", testWatch},
		{"shutdown", testShutdown},
		{"fencing", testFencing},
		{"trouble", testTrouble},
		{"trouble of tables", testTroubleOfTables},
		{"kills", testKills},
		{"kills in blocks", testBlockKills},
		{"kills while waiting", testWaitKills},
		{"kills while writing to tables", testTableKills},
		{"runs that are waited for", testWaited},
		{"express runs", testExpress},
		{"samples", testSamples},
	} {
		t.Run(s.name, func(t *testing.T) { s.test(t, b) })
	}
}
