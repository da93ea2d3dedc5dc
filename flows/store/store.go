// Package store keeps flows, runs, connections and users in SQLite or PostgreSQL.
//
// It is the only package that speaks SQL, and it speaks one dialect. It decides
// nothing: it runs no card, reads no secret and knows no page.
package store

import (
	"log/slog"
	"time"
)

// Options are what a Store needs beside its database.
type Options struct {
	// Blobs is the directory of bodies over 64 KiB; "" is "blobs" beside the SQLite file.
	Blobs string
	// Budget bounds the bytes of run data that Prune keeps; 0 is no bound.
	Budget int64
	Now    func() time.Time // nil: time.Now
	Log    *slog.Logger     // nil: silence
}

// Store is an open database. It implements flows.Journal and connectors.Storage.
type Store struct{}
