package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"flowdeck/flows"
)

// Flows returns a page of flows by name, each with its last run and today's counts,
// and the cursor of the next page, "" after the last.
func (s *Store) Flows(ctx context.Context, f FlowFilter) ([]FlowRow, string, error) {
	where, args := f.where()
	if f.State == "failing" {
		where, args = where+` and id in (`+failing+`)`, append(args, s.failingArgs()...)
	}
	limit := page(f.Limit)
	today := firstRunID(s.now().UTC().Truncate(24 * 3600e9))
	args = append([]any{today, CountCap, string(flows.Failed), today, CountCap}, args...)
	var list []FlowRow
	err := s.each(ctx, `select f.id, f.name, f.description, f.folder, f.labels, f.alias, f.is_on, f.document <> f.draft_id, f.version, f.revision,
		f.trigger_card, f.steps, f.created, f.updated, f.updated_by, coalesce(l.id, ''), coalesce(l.status, ''), coalesce(l.created, 0),
		coalesce(s.rule, ''), coalesce(s.next, 0), `+sampled("f.settings")+`,
		(select count(*) from (select 1 from runs r where r.flow_id = f.id and r.id >= ? limit ?) x),
		(select count(*) from (select 1 from runs r where r.flow_id = f.id and r.status = ? and r.finished > 0 and r.id >= ? limit ?) x)
		from (select * from flows where deleted = 0`+where+` order by name_key, id limit ?) f
		left join runs l on l.id = (select r.id from runs r where r.flow_id = f.id order by r.id desc limit 1)
		left join schedules s on s.flow_id = f.id and s.active
		order by f.name_key, f.id`, append(args, limit+1), func(scan scan) error {
		var r FlowRow
		var rule string
		err := scan(&r.ID, &r.Name, &r.Description, &r.Folder, parsed{&r.Labels}, &r.Alias, &r.On, &r.Changed, &r.Version, &r.Revision,
			&r.Trigger, &r.Steps, instant{&r.Created}, instant{&r.Updated}, &r.UpdatedBy, &r.LastRun, &r.LastStatus, instant{&r.LastAt},
			&rule, instant{&r.Due}, &r.Sampled, &r.RunsToday, &r.FailedToday)
		if err == nil && rule != "" {
			r.Rule, err = decode(rule)
		}
		if r.Due.Equal(never) {
			r.Due = time.Time{}
		}
		list = append(list, r)
		return err
	})
	if err != nil {
		return nil, "", failed("list flows", err)
	}
	next := ""
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = flowCursor(strings.ToLower(last.Name), last.ID)
	}
	return list, next, nil
}

func (f FlowFilter) where() (where string, args []any) {
	switch f.State {
	case "on":
		where += ` and is_on = true and version > 0`
	case "off":
		where += ` and is_on = false and version > 0`
	case "draft":
		where += ` and version = 0`
	case "changed":
		where += ` and version > 0 and document <> draft_id`
	}
	if f.Query != "" {
		where += ` and search like ? escape '\'`
		args = append(args, like(f.Query))
	}
	if f.Label != "" {
		label, _ := text(f.Label) // a string is always JSON
		where += ` and labels like ? escape '\'`
		args = append(args, likeExactly(label))
	}
	if f.Folder != "" {
		where += ` and (folder = ? or folder like ? escape '\')`
		args = append(args, f.Folder, strings.TrimPrefix(likeExactly(f.Folder+"/"), "%"))
	}
	if name, id, ok := parseFlowCursor(f.Cursor); ok {
		where += ` and (name_key > ? or name_key = ? and id > ?)`
		args = append(args, name, name, id)
	}
	return where, args
}

func flowCursor(name, id string) string {
	data, _ := json.Marshal([2]string{name, id}) // strings are always JSON
	return base64.RawURLEncoding.EncodeToString(data)
}

func parseFlowCursor(c string) (name, id string, ok bool) {
	data, err := base64.RawURLEncoding.DecodeString(c)
	var parts [2]string
	if c == "" || err != nil || json.Unmarshal(data, &parts) != nil {
		return "", "", false
	}
	return parts[0], parts[1], true
}

// Labels returns every label in use, sorted.
func (s *Store) Labels(ctx context.Context) ([]string, error) {
	list := []string{}
	err := s.each(ctx, `select distinct labels from flows where deleted = 0 and labels <> ''`, nil, func(scan scan) error {
		var some []string
		err := scan(parsed{&some})
		list = append(list, some...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list labels: %w", err)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// Folders returns every folder that holds a flow, sorted.
func (s *Store) Folders(ctx context.Context) (list []string, err error) {
	err = s.each(ctx, `select distinct folder from flows where deleted = 0 and folder <> '' order by folder`, nil, func(scan scan) error {
		var folder string
		err := scan(&folder)
		list = append(list, folder)
		return err
	})
	return list, failed("list folders", err)
}
