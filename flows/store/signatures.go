package store

import (
	"context"
	"errors"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
)

var errLater = errors.New("under construction")

func Open(ctx context.Context, dsn string, o Options) (*Store, error) { return nil, errLater }
func (s *Store) Close() error                                         { return errLater }
func (s *Store) Ping(ctx context.Context) error                       { return errLater }
func (s *Store) SchemaVersion(ctx context.Context) (int64, error)     { return 0, errLater }
func (s *Store) Backup(ctx context.Context, path string) error        { return errLater }
func NewID(prefix string) string                                      { return "" }

func (s *Store) CreateFlow(ctx context.Context, f flows.Flow) error { return errLater }
func (s *Store) Flow(ctx context.Context, id string) (flows.Flow, error) {
	return flows.Flow{}, errLater
}
func (s *Store) FlowByAlias(ctx context.Context, alias string) (Endpoint, error) {
	return Endpoint{}, errLater
}
func (s *Store) Flows(ctx context.Context, f FlowFilter) ([]FlowRow, string, error) {
	return nil, "", errLater
}
func (s *Store) Labels(ctx context.Context) ([]string, error) { return nil, errLater }
func (s *Store) SaveDraft(ctx context.Context, flowID string, revision int64, doc flows.Document, c Change) (int64, error) {
	return 0, errLater
}
func (s *Store) LastEdit(ctx context.Context, flowID, userID string, undone bool) (Edit, error) {
	return Edit{}, errLater
}
func (s *Store) UpdateFlow(ctx context.Context, id string, change func(*flows.Flow) error) error {
	return errLater
}
func (s *Store) DuplicateFlow(ctx context.Context, id string, c FlowCopy) error { return errLater }
func (s *Store) DeleteFlow(ctx context.Context, id string) error                { return errLater }
func (s *Store) Publish(ctx context.Context, flowID string, revision int64, doc flows.Document, message, by string) (int64, error) {
	return 0, errLater
}
func (s *Store) Versions(ctx context.Context, flowID string) ([]VersionRow, error) {
	return nil, errLater
}
func (s *Store) Version(ctx context.Context, flowID string, n int64) (flows.Version, error) {
	return flows.Version{}, errLater
}
func (s *Store) PutDocument(ctx context.Context, doc flows.Document) (string, error) {
	return "", errLater
}
func (s *Store) Document(ctx context.Context, id string) (flows.Document, error) {
	return flows.Document{}, errLater
}
func (s *Store) SetToken(ctx context.Context, flowID, hash, hint, by string) error { return errLater }
func (s *Store) DeleteTokens(ctx context.Context, flowID string) error             { return errLater }
func (s *Store) Tokens(ctx context.Context, flowID string) ([]Token, error)        { return nil, errLater }

func (s *Store) Create(ctx context.Context, run flows.Run) error { return errLater }
func (s *Store) Claim(ctx context.Context, runID string, now time.Time) (flows.Memo, error) {
	return flows.Memo{}, errLater
}
func (s *Store) Append(ctx context.Context, runID string, epoch int64, entries []flows.Entry) error {
	return errLater
}
func (s *Store) Park(ctx context.Context, runID string, epoch int64, entries []flows.Entry, wake time.Time) error {
	return errLater
}
func (s *Store) Finish(ctx context.Context, runID string, epoch int64, entries []flows.Entry, o flows.Outcome) error {
	return errLater
}
func (s *Store) Cancel(ctx context.Context, runID string) error   { return errLater }
func (s *Store) Pending(ctx context.Context) ([]flows.Run, error) { return nil, errLater }

func (s *Store) Run(ctx context.Context, id string) (flows.Run, error) { return flows.Run{}, errLater }
func (s *Store) Attempts(ctx context.Context, runID string) ([]flows.Attempt, error) {
	return nil, errLater
}
func (s *Store) AttemptHeads(ctx context.Context, runID string) ([]flows.Attempt, error) {
	return nil, errLater
}
func (s *Store) AttemptsAt(ctx context.Context, runID string, path flows.Path) ([]flows.Attempt, error) {
	return nil, errLater
}
func (s *Store) Runs(ctx context.Context, f RunFilter) ([]RunRow, string, error) {
	return nil, "", errLater
}
func (s *Store) LastRun(ctx context.Context, flowID string) (RunRow, error) {
	return RunRow{}, errLater
}
func (s *Store) SampleOutputs(ctx context.Context, flowID string) (map[string]schema.Values, error) {
	return nil, errLater
}
func (s *Store) SaveCardTest(ctx context.Context, t CardTest) error { return errLater }
func (s *Store) CardTests(ctx context.Context, flowID string) ([]CardTest, error) {
	return nil, errLater
}
func (s *Store) CardTest(ctx context.Context, flowID, stepID string) (CardTest, error) {
	return CardTest{}, errLater
}
func (s *Store) SameErrors(ctx context.Context, flowID, stepID, code string, since time.Time) (int, error) {
	return 0, errLater
}
func (s *Store) Prune(ctx context.Context, now time.Time) (Pruned, error) { return Pruned{}, errLater }

func (s *Store) CreateUser(ctx context.Context, u User) (User, error) { return User{}, errLater }
func (s *Store) CreateOwner(ctx context.Context, u User, setupHash string) (User, error) {
	return User{}, errLater
}
func (s *Store) User(ctx context.Context, id string) (User, error)            { return User{}, errLater }
func (s *Store) UserByEmail(ctx context.Context, email string) (User, error)  { return User{}, errLater }
func (s *Store) Users(ctx context.Context) ([]User, error)                    { return nil, errLater }
func (s *Store) UpdateUser(ctx context.Context, id, email, name string) error { return errLater }
func (s *Store) SetPassword(ctx context.Context, id, hash string) error       { return errLater }
func (s *Store) DeleteUser(ctx context.Context, id string) error              { return errLater }
func (s *Store) CreateSession(ctx context.Context, x Session) error           { return errLater }
func (s *Store) Session(ctx context.Context, hash string) (Session, error) {
	return Session{}, errLater
}
func (s *Store) Sessions(ctx context.Context, userID string) ([]Session, error) { return nil, errLater }
func (s *Store) TouchSession(ctx context.Context, hash string, seen, expires time.Time) error {
	return errLater
}
func (s *Store) DeleteSession(ctx context.Context, hash string) error    { return errLater }
func (s *Store) DeleteSessions(ctx context.Context, userID string) error { return errLater }

func (s *Store) Connections(ctx context.Context) ([]connectors.Connection, error) {
	return nil, errLater
}
func (s *Store) Connection(ctx context.Context, id string) (connectors.Connection, error) {
	return connectors.Connection{}, errLater
}
func (s *Store) CreateConnection(ctx context.Context, c connectors.Connection) error { return errLater }
func (s *Store) UpdateConnection(ctx context.Context, id string, change func(*connectors.Connection) error) error {
	return errLater
}
func (s *Store) TouchConnection(ctx context.Context, id string, used time.Time) error {
	return errLater
}
func (s *Store) DeleteConnection(ctx context.Context, id string) error         { return errLater }
func (s *Store) ConnectionUses(ctx context.Context, id string) ([]Use, error)  { return nil, errLater }
func (s *Store) CreateAttempt(ctx context.Context, a connectors.Attempt) error { return errLater }
func (s *Store) Attempt(ctx context.Context, id string) (connectors.Attempt, error) {
	return connectors.Attempt{}, errLater
}
func (s *Store) AttemptByState(ctx context.Context, hash string) (connectors.Attempt, error) {
	return connectors.Attempt{}, errLater
}
func (s *Store) UpdateAttempt(ctx context.Context, id string, change func(*connectors.Attempt) error) error {
	return errLater
}

func (s *Store) Setting(ctx context.Context, key string) (string, error) { return "", errLater }
func (s *Store) SetSetting(ctx context.Context, key, value string) error { return errLater }
func (s *Store) DeleteSetting(ctx context.Context, key string) error     { return errLater }
func (s *Store) SetSetupToken(ctx context.Context, hash string) error    { return errLater }
func (s *Store) SetupToken(ctx context.Context) (string, error)          { return "", errLater }

var (
	_ flows.Journal      = (*Store)(nil)
	_ connectors.Storage = (*Store)(nil)
)
