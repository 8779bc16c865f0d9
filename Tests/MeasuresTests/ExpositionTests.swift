import Measures
import Testing

@Suite struct ExpositionTests {
    @Test func `metrics are sorted, and each is explained once`() {
        var page = Exposition()
        page.add(.gauge, "b_jobs", "Jobs that wait.", .whole(3))
        page.add(
            .counter, "a_total", "Things.",
            [
                .init(.whole(2), ["tenant": "z", "code": "x"]), .init(.whole(1), ["tenant": "a", "code": "x"]),
            ])
        page.add(.gauge, "c_bytes", "Nothing yet.", [])
        #expect(
            page.text == """
                # HELP a_total Things.
                # TYPE a_total counter
                a_total{tenant="a",code="x"} 1
                a_total{tenant="z",code="x"} 2
                # HELP b_jobs Jobs that wait.
                # TYPE b_jobs gauge
                b_jobs 3
                # HELP c_bytes Nothing yet.
                # TYPE c_bytes gauge

                """)
    }

    @Test func `what would end a label or a line is escaped`() {
        var page = Exposition()
        page.add(.counter, "a_total", "C:\\ and\n\"so\".", [.init(.whole(1), ["name": "a\\b\"c\nd{},é"])])
        #expect(
            page.text == #"""
                # HELP a_total C:\\ and\n"so".
                # TYPE a_total counter
                a_total{name="a\\b\"c\nd{},é"} 1

                """#)
    }

    @Test func `of equal labels there is one sample: a sum of counters, the largest of gauges`() {
        var page = Exposition()
        let samples = [UInt64.max - 1, 5, 1].map { Exposition.Sample(.whole($0), ["tenant": LabelLimit.other]) }
        page.add(.counter, "a_total", "A.", samples)
        page.add(.gauge, "b_records", "B.", Array(samples.dropFirst()))
        #expect(page.text.contains("a_total{tenant=\"other\"} \(UInt64.max)\n"))
        #expect(page.text.contains("b_records{tenant=\"other\"} 5\n"))
    }

    @Test func `seconds are exact`() {
        let texts: [(UInt64, String)] = [
            (0, "0"), (1, "0.000001"), (1_500_000, "1.5"), (20_000_000, "20"), (1_000_010, "1.00001"),
            (.max, "18446744073709.551615"),
        ]
        for (value, text) in texts {
            var page = Exposition()
            page.add(.gauge, "a_seconds", "A.", .microseconds(value))
            #expect(page.text.contains("a_seconds \(text)\n"))
        }
    }

    @Test func `a histogram has its bounds, all values, their sum and their number`() {
        var histogram = Histogram(.microseconds)
        for value in [900, 1_000, 4_000, 300_000_000_000] as [UInt64] { histogram.record(value) }
        var page = Exposition()
        page.add(histogram, at: Scale.round(1_000...5_000), "wait_seconds", "W.") { .microseconds($0) }
        #expect(
            page.text == """
                # HELP wait_seconds W.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{le="0.001"} 2
                wait_seconds_bucket{le="0.002"} 2
                wait_seconds_bucket{le="0.005"} 3
                wait_seconds_bucket{le="+Inf"} 4
                wait_seconds_sum 300000.0059
                wait_seconds_count 4

                """)
    }

    @Test func `of a million names a hundred have numbers of their own`() {
        let limit = LabelLimit((0..<1_000_000).lazy.map { "t\($0)" })
        #expect(limit.label(of: "t99") == "t99" && limit.label(of: "t100") == "other")
    }
}
