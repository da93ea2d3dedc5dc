package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// ChildID is the id of the run that a step of a run begins at a time: a UUIDv7
// that is the same whenever it is asked for.
func ChildID(parent string, p Path, at time.Time) string {
	sum := sha256.Sum256([]byte(parent + "\n" + string(p)))
	u, ms := sum[:16], max(at.UnixMilli(), 0)
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	u[6], u[8] = 0x70|u[6]&0x0f, 0x80|u[8]&0x3f
	x := hex.EncodeToString(u)
	return "r_" + x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}
