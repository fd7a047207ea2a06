package functions

import (
	"strings"

	"pgd/backend/types"
)

const (
	usecSecond = int64(1000000)
	usecMinute = 60 * usecSecond
	usecHour   = 60 * usecMinute
	usecDay    = 24 * usecHour
)

// dateToTimestampUnchecked keeps infinities and makes what a timestamp cannot hold infinite, which is right for comparisons.
func dateToTimestampUnchecked(days int64) int64 {
	switch {
	case days == types.DateMinInfinity:
		return types.TimestampMinInfinity
	case days == types.DateInfinity:
		return types.TimestampInfinity
	case days >= types.TimestampInfinity/usecDay:
		return types.TimestampInfinity - 1
	}
	return days * usecDay
}

func replaceMark(s, with string) string { return strings.Replace(s, "%", with, 1) }

func replaceOnce(s, what, with string) string { return strings.Replace(s, what, with, 1) }
