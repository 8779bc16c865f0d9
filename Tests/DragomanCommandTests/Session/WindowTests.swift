import DragomanCommand
import TestKit
import Testing

@Suite struct WindowTests {
    private func outcome(_ text: String) -> Outcome { Outcome(output: Array(text.utf8)) }

    private func window(count: Int, bytes: Int) -> Window {
        var limits = Window.Limits()
        limits.countMaximum = count
        limits.bytesMaximum = bytes
        return Window(limits: limits)
    }

    @Test func `results come out in the order in which requests went in`() {
        var window = window(count: 10, bytes: 1000)
        for index in 0..<4 { #expect(window.admit(bytes: 1) == index) }
        window.finish(2, outcome("c"))
        window.finish(1, outcome("b"))
        #expect(!window.isReady)
        #expect(window.take() == [])
        window.finish(0, outcome("a"))
        #expect(window.take() == [outcome("a"), outcome("b"), outcome("c")])
        window.finish(3, outcome("d"))
        #expect(window.take() == [outcome("d")])
        window.retire()
        #expect(window.isEmpty)
    }

    @Test func `the number of requests is bounded until their results are written`() {
        var window = window(count: 2, bytes: 1000)
        _ = window.admit(bytes: 1)
        #expect(!window.isFull)
        _ = window.admit(bytes: 1)
        #expect(window.isFull)
        window.finish(1, outcome("b"))
        window.finish(0, outcome("a"))
        #expect(window.isFull)
        #expect(window.take().count == 2)
        #expect(window.isFull)
        window.retire()
        #expect(!window.isFull)
    }

    @Test func `input and output are bounded together`() {
        var window = window(count: 100, bytes: 10)
        _ = window.admit(bytes: 4)
        #expect(!window.isFull)
        window.finish(0, outcome("123456"))
        #expect(window.isFull)
        _ = window.take()
        window.retire()
        #expect(!window.isFull)
    }

    @Test func `a request larger than the bound is let in alone`() {
        var window = window(count: 100, bytes: 10)
        #expect(!window.isFull)
        _ = window.admit(bytes: 1000)
        #expect(window.isFull)
    }

    @Test func `whatever finishes first, nothing is lost or swapped`() {
        var generator = SeededRandom(seed: 42)
        var window = window(count: 8, bytes: 1000)
        var running: [Int] = []
        var taken: [Outcome] = []
        while taken.count < 1000 {
            if !window.isFull, Bool.random(using: &generator) {
                running.append(window.admit(bytes: 1))
            } else if let index = running.indices.randomElement(using: &generator) {
                let request = running.remove(at: index)
                window.finish(request, outcome("\(request)"))
            }
            taken += window.take()
            window.retire()
        }
        #expect(taken == taken.indices.map { outcome("\($0)") })
    }
}
