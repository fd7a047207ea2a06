package handoff

import (
	"os"
	"strings"
	"unsafe"
)

// TitleRoom is a last argument for children: room for the title that `ps` shows in the place of the arguments.
var TitleRoom = strings.Repeat(" ", 96)

// SetTitle makes `ps` show "pgd: " and text in the place of this process's arguments, cut to the room they had. It works on the memory the
// kernel put the arguments in, so that everything that is needed of os.Args must have been copied before.
func SetTitle(text string) {
	if len(os.Args) < 2 || len(os.Args[len(os.Args)-1]) != len(TitleRoom) {
		return // not started with room: tests and programs of other makers
	}
	// The arguments lie one after another, each ended by a zero byte.
	room := 0
	for _, a := range os.Args {
		room += len(a) + 1
	}
	first, last := unsafe.StringData(os.Args[0]), unsafe.StringData(os.Args[len(os.Args)-1])
	if uintptr(unsafe.Pointer(last))+uintptr(len(TitleRoom))+1 != uintptr(unsafe.Pointer(first))+uintptr(room) {
		return
	}
	area := unsafe.Slice(first, room)
	n := copy(area[:room-1], "pgd: "+text)
	clear(area[n:])
}
