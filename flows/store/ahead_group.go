package store

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"strings"
)

// A group in the files of ahead:
//
//	4 bytes  "FDR1"
//	4 bytes  length of what follows the checksum
//	4 bytes  CRC-32C of that
//	8 bytes  number of its first run
//	4 bytes  how many runs
//	2 bytes  length of the names of their columns, and those with a comma between them
//	the rows: of each column a letter for its type and its value
//
// Numbers are little-endian; in rows they are varints, as lengths of texts are.
const (
	groupMagic = "FDR1"
	groupHead  = 12
	groupFixed = groupHead + 8 + 4 + 2
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// beginGroup appends the head of a group; endGroup fills it in.
func beginGroup(b []byte) []byte {
	b = append(b, groupMagic...)
	b = append(b, make([]byte, groupFixed-len(groupMagic))...)
	binary.LittleEndian.PutUint16(b[groupFixed-2:], uint16(len(runColumnNames)))
	return append(b, runColumnNames...)
}

func endGroup(b []byte, first int64, n int) {
	binary.LittleEndian.PutUint64(b[groupHead:], uint64(first))
	binary.LittleEndian.PutUint32(b[groupHead+8:], uint32(n))
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-groupHead))
	binary.LittleEndian.PutUint32(b[8:], crc32.Checksum(b[groupHead:], castagnoli))
}

func appendRow(b []byte, columns []any) []byte {
	for _, c := range clean(columns) {
		switch c := c.(type) {
		case string:
			b = binary.AppendUvarint(append(b, 's'), uint64(len(c)))
			b = append(b, c...)
		case int64:
			b = binary.AppendVarint(append(b, 'i'), c)
		case int:
			b = binary.AppendVarint(append(b, 'i'), int64(c))
		case bool:
			if c {
				b = append(b, 't')
			} else {
				b = append(b, 'f')
			}
		}
	}
	return b
}

// group is one that was read.
type group struct {
	first   int64
	n       int
	columns []string
	rows    []byte
}

// readGroup reads the group at the beginning of b; ok is false when there is none that is whole.
func readGroup(b []byte) (g group, size int, ok bool) {
	if len(b) < groupFixed || string(b[:4]) != groupMagic {
		return g, 0, false
	}
	size = groupHead + int(binary.LittleEndian.Uint32(b[4:]))
	if size < groupFixed || size > len(b) || crc32.Checksum(b[groupHead:size], castagnoli) != binary.LittleEndian.Uint32(b[8:]) {
		return g, 0, false
	}
	names := groupFixed + int(binary.LittleEndian.Uint16(b[groupFixed-2:]))
	if names > size {
		return g, 0, false
	}
	return group{first: int64(binary.LittleEndian.Uint64(b[groupHead:])), n: int(binary.LittleEndian.Uint32(b[groupHead+8:])),
		columns: strings.Split(string(b[groupFixed:names]), ", "), rows: b[names:size]}, size, true
}

var errRow = errors.New("a run that was written ahead cannot be read")

// each calls f with the rows.
func (g group) each(f func(number int64, columns []any) error) error {
	b := g.rows
	for i := range g.n {
		columns := make([]any, len(g.columns))
		for j := range columns {
			if len(b) == 0 {
				return errRow
			}
			kind, size := b[0], 0
			b = b[1:]
			switch kind {
			case 's':
				n, head := binary.Uvarint(b)
				if size = head + int(n); head <= 0 || n > uint64(len(b)) || size > len(b) {
					return errRow
				}
				columns[j] = string(b[head:size])
			case 'i':
				if columns[j], size = binary.Varint(b); size <= 0 {
					return errRow
				}
			default:
				columns[j] = kind == 't'
			}
			b = b[size:]
		}
		if err := f(g.first+int64(i), columns); err != nil {
			return err
		}
	}
	return nil
}

// known reports whether the columns are ones that a run has now.
func (g group) known() bool {
	have := strings.Split(runColumnNames, ", ")
	return !slices.ContainsFunc(g.columns, func(name string) bool { return !slices.Contains(have, name) })
}
