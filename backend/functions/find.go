package functions

import "sync"

// chapters are the tables of functions. They are functions themselves so that a process that calls none pays nothing for them.
var chapters = []func() []Row{
	comparisonRows, integerRows, floatRows, numericRows, castRows, stringRows, patternRows, regexRows, formatRows, aggregateRows, numericAggregateRows, regressionRows, orderedRows,
	quoteRows, encodeRows, arrayRows, setRows, intervalRows, randomRows, moneyRows, recordRows, supportRows, datetimeRows, datetimeTruncRows, datetimePartRows, datetimeMakeRows, nowRows,
	jsonRows, zoneRows, windowRows,
	bitRows, networkRows, macaddrRows, rangeRows, multirangeRows, enumRows,
	sequenceRows, sessionRows, nameRows, accessRows, definitionRows, adminRows,
}

var rows = sync.OnceValue(func() map[string]*Row {
	m := make(map[string]*Row, 3000)
	for _, chapter := range chapters {
		rs := chapter()
		for i := range rs {
			m[rs[i].Sig] = &rs[i]
		}
	}
	return m
})

// Find gives the row of a pg_proc entry, named as regprocedure prints it; nil where pgd does not have it.
func Find(sig string) *Row { return rows()[sig] }

// All calls f for every row, in no order.
func All(f func(*Row)) {
	for _, r := range rows() {
		f(r)
	}
}
