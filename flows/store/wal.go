package store

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"
)

// The write-ahead log of SQLite, as https://www.sqlite.org/walformat.html has it: a
// header, then frames of a header and a page, each with the checksum of all before it.
// SQLite reads as far as the checksums hold, and says nothing of what comes after.
const (
	walHeader   = 32
	frameHeader = 24
	indexSize   = 48 // of what the index says of the log, which stands there twice
	walMagic    = 0x377f0682
)

// damage is what a log has lost: about how many pages were committed and cannot be read.
type damage struct{ pages int }

// checkLog looks at the log that a database at path was left with, before SQLite opens
// it. When changes that were committed are not readable, the log is copied beside itself.
func checkLog(path string, now time.Time) (copied string, err error) {
	index, err := os.ReadFile(path + "-shm") // before the log: another process may be writing both
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	f, err := os.Open(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	d, err := damageOf(f, index)
	if err != nil || d.pages == 0 {
		return "", err
	}
	if moved, err := logMoved(path, index); err != nil || moved {
		return "", err // whoever writes it has looked at what it was left with
	}
	copied = damagedName(path+"-wal", now)
	to, err := os.OpenFile(copied, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("copy the damaged log: %w", err)
	}
	_, err = f.Seek(0, io.SeekStart)
	if err == nil {
		_, err = io.Copy(to, f)
	}
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		return "", fmt.Errorf("copy the damaged log: %w", errors.Join(err, os.Remove(copied)))
	}
	return copied, nil
}

// logMoved reports whether another process has begun the log anew, or committed something
// to it, since its index was read.
func logMoved(path string, index []byte) (bool, error) {
	now, err := os.ReadFile(path + "-shm")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	const says = 2 * indexSize
	return !bytes.Equal(now[:min(len(now), says)], index[:min(len(index), says)]), nil
}

// damagedName is how a copy of a damaged file is called.
func damagedName(name string, now time.Time) string {
	return fmt.Sprintf("%s.damaged-%s", name, now.UTC().Format("20060102T150405.000"))
}

// keptLog is the newest copy of a damaged log that is still there.
func keptLog(path string) (name string, at time.Time) {
	names, err := beside(path, "-*.damaged-*")
	if err != nil || len(names) == 0 {
		return "", time.Time{}
	}
	name = slices.Max(names)
	if info, err := os.Stat(name); err == nil {
		at = info.ModTime()
	}
	return name, at
}

// damageOf compares how far the log can be read with how far its index says that it
// was committed. Without a fitting index it looks whether changes stand behind what can
// be read; a single one can also be one that nobody was told of, cut off by a power cut.
func damageOf(f io.Reader, index []byte) (damage, error) {
	log := bufio.NewReaderSize(f, 1<<16)
	header := make([]byte, walHeader)
	if _, err := io.ReadFull(log, header); err != nil {
		return damage{}, ignoreEnd(err)
	}
	salts := header[16:24]
	size, order, whole := readHeader(header)
	if n, fits := committed(index, salts); whole && fits {
		readable, _, err := readable(log, header, size, order)
		return damage{pages: max(n-readable, 0)}, err
	}
	if n, fits := committed(index, nil); !whole && fits {
		return damage{pages: n}, nil
	}
	if !whole {
		n, err := behind(log, nil, size, salts, false)
		return damage{pages: n}, err
	}
	_, last, err := readable(log, header, size, order)
	if err != nil {
		return damage{}, err
	}
	n, err := behind(log, last, size, salts, true)
	return damage{pages: n}, err
}

// ignoreEnd is err without that the file ended.
func ignoreEnd(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil
	}
	return err
}

// readHeader returns the size of a page, the order of bytes in checksums, and whether
// the header is as it was written.
func readHeader(log []byte) (size int, order binary.ByteOrder, whole bool) {
	order = binary.LittleEndian
	magic := binary.BigEndian.Uint32(log)
	if magic&1 == 1 {
		order = binary.BigEndian
	}
	size = int(binary.BigEndian.Uint32(log[8:]))
	if size < 512 || size > 65536 || size&(size-1) != 0 {
		size = 4096
	}
	a, b := checksum(order, log[:24], 0, 0)
	return size, order, magic&^1 == walMagic && a == binary.BigEndian.Uint32(log[24:]) && b == binary.BigEndian.Uint32(log[28:])
}

// readable returns how many frames can be read, up to the last that ends a change, and
// the first frame that cannot be, if there is one.
func readable(log io.Reader, header []byte, size int, order binary.ByteOrder) (frames int, first []byte, err error) {
	a, b := binary.BigEndian.Uint32(header[24:]), binary.BigEndian.Uint32(header[28:])
	f := make([]byte, frameHeader+size)
	for n := 1; ; n++ {
		if _, err := io.ReadFull(log, f); err != nil {
			return frames, nil, ignoreEnd(err)
		}
		a, b = checksum(order, f[:8], a, b)
		a, b = checksum(order, f[frameHeader:], a, b)
		if !bytes.Equal(f[8:16], header[16:24]) || a != binary.BigEndian.Uint32(f[16:]) || b != binary.BigEndian.Uint32(f[20:]) {
			return frames, f, nil
		}
		if binary.BigEndian.Uint32(f[4:]) > 0 {
			frames = n
		}
	}
}

// behind counts the frames from first on that belong to this log: all of them, or
// those that end a change.
func behind(log io.Reader, first []byte, size int, salts []byte, ends bool) (n int, err error) {
	f := first
	for {
		if f != nil && bytes.Equal(f[8:16], salts) && (!ends || binary.BigEndian.Uint32(f[4:]) > 0) {
			n++
		}
		if f == nil {
			f = make([]byte, frameHeader+size)
		}
		if _, err := io.ReadFull(log, f); err != nil {
			return n, ignoreEnd(err)
		}
	}
}

// committed is how many frames the index of the log says are committed, if it is whole
// and, unless salts is nil, about this log. The index is not synced, but outlives the
// process: after a power cut it says too little, never too much.
func committed(index, salts []byte) (frames int, fits bool) {
	if len(index) < 2*indexSize || !bytes.Equal(index[:indexSize], index[indexSize:2*indexSize]) {
		return 0, false
	}
	order := native(index)
	a, b := checksum(order, index[:40], 0, 0)
	if index[12] != 1 || a != order.Uint32(index[40:]) || b != order.Uint32(index[44:]) || salts != nil && !bytes.Equal(index[32:40], salts) {
		return 0, false
	}
	return int(order.Uint32(index[16:])), true
}

// native is the order of bytes of the machine that wrote the index: its first field is a
// version number that is large in one of them only.
func native(index []byte) binary.ByteOrder {
	if binary.LittleEndian.Uint32(index) > 1<<24 {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

func checksum(order binary.ByteOrder, data []byte, a, b uint32) (uint32, uint32) {
	for i := 0; i+8 <= len(data); i += 8 {
		a += order.Uint32(data[i:]) + b
		b += order.Uint32(data[i+4:]) + a
	}
	return a, b
}
