package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// reclaim gives space back to the disk, a little at a time: others write in between.
func (s *Store) reclaim(ctx context.Context, _ time.Time, _ *Pruned) error {
	if s.dialect.free == "" {
		return nil
	}
	for last := int64(math.MaxInt64); ; {
		var free int64
		err := s.row(ctx, s.dialect.free).Scan(&free)
		if err != nil || free == 0 || free >= last {
			return s.flush(ctx, err)
		}
		last = free
		if err := s.writer.alone(ctx, func(t *tx) error { return t.each(s.dialect.shrink, nil, ignoreRow) }); err != nil {
			return fmt.Errorf("give space back: %w", err)
		}
	}
}

func (s *Store) flush(ctx context.Context, err error) error {
	if err != nil {
		return fmt.Errorf("give space back: %w", err)
	}
	return s.writer.alone(ctx, func(t *tx) error {
		for _, query := range s.dialect.flush {
			err = errors.Join(err, t.each(query, nil, ignoreRow))
		}
		return err
	})
}

func ignoreRow(scan) error { return nil }
