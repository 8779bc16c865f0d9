import DragomanCommand
import Testing

@Suite struct DownloadBarTests {
    @Test func `the bar says how far it is, how fast, and how long it will be`() {
        var bar = DownloadBar(name: "a/b", byteCount: 200_000_000, present: 50_000_000)
        #expect(bar.text(after: .zero) == "a/b [#####...............] 25 %, 50.0 MB of 200.0 MB")
        bar.reach(100_000_000)
        // What was there is not counted as speed.
        #expect(
            bar.text(after: .seconds(5), width: 100)
                == "a/b [##########..........] 50 %, 100.0 MB of 200.0 MB, 10.0 MB/s, 0:10 left")
        bar.reach(200_000_000)
        #expect(bar.text(after: .seconds(5)).contains("100 %"))
    }

    @Test func `a narrow terminal shows less, never more than a line`() {
        var bar = DownloadBar(name: "organisation/a-long-name-of-a-model", byteCount: 3_000_000_000, present: 0)
        bar.reach(1_500_000_000)
        for width in [200, 80, 60, 30, 10] {
            #expect(bar.text(after: .seconds(5000), width: width).count < width)
        }
        #expect(bar.text(after: .seconds(5000), width: 200).hasSuffix("1:23:20 left"))
        #expect(DownloadBar(name: "a", byteCount: 0, present: 0).text(after: .seconds(1)).contains("100 %"))
    }
}
