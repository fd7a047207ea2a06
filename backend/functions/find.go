package functions

import "sync"

// chapters are the tables of functions. They are functions themselves so that a process that calls none pays nothing for them.
var chapters = []func() []Row{
	comparisonRows, integerRows, floatRows, numericRows, castRows, stringRows, patternRows, regexRows, formatRows, aggregateRows, numericAggregateRows, regressionRows, orderedRows,
	quoteRows, encodeRows, arrayRows, setRows, intervalRows, randomRows, moneyRows, recordRows, supportRows, datetimeRows, datetimeTruncRows, datetimePartRows, datetimeMakeRows, nowRows,
	jsonRows, zoneRows, windowRows, hashRows,
	bitRows, networkRows, macaddrRows, rangeRows, multirangeRows,
	pointRows, segmentRows, boxRows, pathRows, polygonRows, circleRows, enumRows,
	sequenceRows, sessionRows, nameRows, accessRows, definitionRows, adminRows,
}

var found struct {
	sync.Mutex
	rows map[string]*Row
	next int // of the chapters, the first not yet read
}

// Find gives the row of a pg_proc entry, named as regprocedure prints it; nil where pgd does not have it. Chapters are read up to the one that has
// it, so that a session that only adds integers does not pay for calendars.
func Find(sig string) *Row {
	found.Lock()
	defer found.Unlock()
	for {
		if r := found.rows[sig]; r != nil || !readChapter() {
			return r
		}
	}
}

// readChapter reads one chapter more; false when there is none.
func readChapter() bool {
	if found.next == len(chapters) {
		return false
	}
	if found.rows == nil {
		found.rows = make(map[string]*Row, 512)
	}
	rs := chapters[found.next]()
	for i := range rs {
		found.rows[rs[i].Sig] = &rs[i]
	}
	found.next++
	return true
}

// All calls f for every row, in no order.
func All(f func(*Row)) {
	found.Lock()
	for readChapter() {
	}
	found.Unlock()
	for _, r := range found.rows {
		f(r)
	}
}
