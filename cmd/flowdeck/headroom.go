package main

import "runtime"

// headroom is memory that is asked for and never touched, so that none is taken. The
// garbage collector counts it, and so waits for a small heap to grow by as much before
// it looks through it: a server that is busy with short runs would else spend a sixth
// of its time on that. A large heap hardly notices.
const headroom = 32 << 20

// keepHeadroom asks for the headroom until the function that it returns is called.
func keepHeadroom() (release func()) {
	room := make([]byte, headroom)
	return func() { runtime.KeepAlive(room) }
}
