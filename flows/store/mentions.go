package store

import (
	"context"

	"flowdeck/flows"
)

// FlowUse is a flow that uses something.
type FlowUse struct {
	ID, Name string
	Live     bool // its published version does
}

// live is a flow's published version.
const live = `left join documents d on d.id = f.document and f.version > 0`

// Mentioning returns the flows whose draft or published version has a text in it: the
// id of a table, for instance. At most limit of them, by name.
func (s *Store) Mentioning(ctx context.Context, text string, limit int) (list []FlowUse, err error) {
	pattern := likeExactly(text)
	err = s.each(ctx, `select f.id, f.name, coalesce(d.body, '') like ? escape '\' from flows f `+live+`
		where f.deleted = 0 and (f.draft like ? escape '\' or d.body like ? escape '\') order by f.name_key, f.id limit ?`,
		[]any{pattern, pattern, pattern, limit}, func(scan scan) error {
			var u FlowUse
			err := scan(&u.ID, &u.Name, &u.Live)
			list = append(list, u)
			return err
		})
	return list, failed("list flows that mention something", err)
}

// mentioned reports whether any flow has a text in its draft or its published version.
func (t *tx) mentioned(text string) (used bool, err error) {
	pattern := likeExactly(text)
	err = t.row(`select exists (select 1 from flows f `+live+` where f.deleted = 0 and (f.draft like ? escape '\' or d.body like ? escape '\'))`,
		[]any{pattern, pattern}, &used)
	return used, err
}

// EachDocument calls f with the draft and the published version of every flow in which
// a text stands, to be looked at more closely.
func (s *Store) EachDocument(ctx context.Context, text string, f func(use FlowUse, doc flows.Document) error) error {
	pattern := likeExactly(text)
	err := s.each(ctx, `select f.id, f.name, false, f.draft from flows f where f.deleted = 0 and f.draft like ? escape '\'
		union all select f.id, f.name, true, d.body from flows f `+live+` where f.deleted = 0 and d.body like ? escape '\' order by 2, 1, 3`,
		[]any{pattern, pattern}, func(scan scan) error {
			var u FlowUse
			var doc flows.Document
			if err := scan(&u.ID, &u.Name, &u.Live, document{&doc}); err != nil {
				return err
			}
			return f(u, doc)
		})
	return failed("read flows that mention something", err)
}
