import Addresses
import TestKit
import Testing

@Suite("Of a broker's addresses, the one that answers is found and kept")
struct AddressRingTests {
    private static let (a, b, c) = ("tcp://10.0.0.1:7411", "tcp://10.0.0.2:7411", "tcp://10.0.0.3:7411")

    private func ring(_ addresses: [String] = [a, b, c], givesUp: Bool = false) throws -> AddressRing {
        AddressRing(
            try BrokerAddresses(addresses.joined(separator: ",")), seed: 1, givesUpWhenDenied: givesUp)
    }

    /// A ring at its first address, which has answered.
    private func connected() throws -> AddressRing {
        var ring = try ring()
        _ = ring.on(.begin, at: .zero)
        _ = ring.on(.admitted, at: .zero)
        _ = ring.on(.heard, at: .zero)
        return ring
    }

    @Test("those that refuse are passed over at once, until one lets the session in")
    func refusals() throws {
        var ring = try ring()
        #expect(ring.on(.begin, at: .zero) == [.connect(Self.a)])
        #expect(ring.on(.begin, at: .zero) == [])
        #expect(ring.on(.failed(isDenied: false), at: .milliseconds(1)) == [.connect(Self.b)])
        #expect(!ring.isConnected)
        #expect(ring.on(.admitted, at: .milliseconds(2)) == [.connected])
        #expect(ring.isConnected)
        #expect(ring.address == Self.b)
        #expect(ring.on(.heard, at: .milliseconds(3)) == [])
        #expect(ring.nextDeadline == nil)
    }

    @Test("one that says nothing at all has a second")
    func patience() throws {
        var ring = try ring()
        _ = ring.on(.begin, at: .zero)
        let due = try #require(ring.nextDeadline)
        #expect(due == .seconds(1))
        #expect(ring.on(.tick, at: due - .milliseconds(1)) == [])
        #expect(ring.on(.tick, at: due) == [.connect(Self.b)])
    }

    @Test("a broker that is lost is followed, and that is said once")
    func moves() throws {
        var ring = try connected()
        let move = AddressMove(from: Self.a, to: Self.b, isSilent: false)
        #expect(ring.on(.failed(isDenied: false), at: .seconds(9)) == [.moved(move), .connect(Self.b)])
        #expect(move.description == "broker at \(Self.a) has closed the connection; trying \(Self.b)")
        #expect(ring.on(.failed(isDenied: false), at: .seconds(9)) == [.connect(Self.c)])
        #expect(ring.on(.admitted, at: .seconds(9)) == [.connected])
        #expect(ring.on(.heard, at: .seconds(9)) == [])
        let next = AddressMove(from: Self.c, to: Self.a, isSilent: true)
        #expect(ring.on(.silent, at: .seconds(20)) == [.moved(next), .connect(Self.a)])
        #expect(next.description == "broker at \(Self.c) is silent; trying \(Self.a)")
        // It is not that one that is silent.
        #expect(ring.on(.silent, at: .seconds(20)) == [])
    }

    @Test("when all have failed it rests, longer each time, and less than two seconds pass until each is tried again")
    func rounds() throws {
        var ring = try ring()
        var now = Duration.zero
        var rests: [Duration] = []
        var directives = ring.on(.begin, at: now)
        for round in 0..<12 {
            for place in 0..<3 {
                #expect(directives == [.connect([Self.a, Self.b, Self.c][place])], "round \(round)")
                directives = ring.on(.failed(isDenied: false), at: now)
            }
            #expect(directives == [.unanswered, .disconnect])
            #expect(ring.on(.failed(isDenied: false), at: now) == [])
            let due = try #require(ring.nextDeadline)
            rests.append(due - now)
            now = due
            directives = ring.on(.tick, at: now)
        }
        #expect(rests[0] <= .milliseconds(125))
        #expect(rests[1] > rests[0])
        #expect(rests.allSatisfy { $0 <= .milliseconds(1250) }, "\(rests)")
        #expect(rests[11] >= .milliseconds(750))
    }

    @Test("a round that took long by itself is followed by the next at once")
    func slowRounds() throws {
        var ring = try ring()
        _ = ring.on(.begin, at: .zero)
        _ = ring.on(.tick, at: .seconds(1))
        _ = ring.on(.tick, at: .seconds(2))
        #expect(ring.on(.tick, at: .seconds(3)) == [.unanswered, .connect(Self.a)])
        #expect(ring.nextDeadline == .seconds(5))
    }

    @Test("one that lets the session in and says nothing is no answer: there is a rest before it is tried again")
    func mute() throws {
        var ring = try ring()
        _ = ring.on(.begin, at: .zero)
        for _ in 0..<2 {
            _ = ring.on(.admitted, at: .zero)
            // Of a broker that has said nothing, there is nothing to say.
            guard case .connect? = ring.on(.failed(isDenied: false), at: .zero).first else {
                Issue.record("the next one is tried")
                return
            }
        }
        _ = ring.on(.admitted, at: .zero)
        #expect(ring.on(.silent, at: .zero) == [.unanswered, .disconnect])
    }

    @Test("one that has answered begins a new round when it is lost")
    func newRound() throws {
        var ring = try ring()
        _ = ring.on(.begin, at: .zero)
        _ = ring.on(.failed(isDenied: false), at: .zero)
        _ = ring.on(.admitted, at: .zero)
        _ = ring.on(.heard, at: .zero)
        _ = ring.on(.failed(isDenied: false), at: .seconds(5))
        // The first has failed before, but that was before the second answered.
        #expect(ring.on(.failed(isDenied: false), at: .seconds(5)) == [.connect(Self.a)])
    }

    @Test("a key that is refused counts when no other address is active")
    func denied() throws {
        var ring = try ring(givesUp: true)
        _ = ring.on(.begin, at: .zero)
        #expect(ring.on(.failed(isDenied: true), at: .zero) == [.connect(Self.b)])
        #expect(ring.on(.failed(isDenied: false), at: .zero) == [.connect(Self.c)])
        #expect(ring.on(.failed(isDenied: false), at: .zero) == [.unanswered, .denied, .disconnect])
        #expect(ring.nextDeadline == nil)
        // The next call tries again, and this time another one lets it in.
        guard case .connect? = ring.on(.begin, at: .seconds(1)).first else {
            Issue.record("nothing is tried")
            return
        }
        _ = ring.on(.failed(isDenied: true), at: .seconds(1))
        #expect(ring.on(.admitted, at: .seconds(1)) == [.connected])
    }

    @Test("a worker whose key is refused goes on, in no hurry")
    func deniedWorker() throws {
        var ring = try ring()
        _ = ring.on(.begin, at: .zero)
        _ = ring.on(.failed(isDenied: true), at: .zero)
        _ = ring.on(.failed(isDenied: false), at: .zero)
        #expect(ring.on(.failed(isDenied: false), at: .zero) == [.unanswered, .denied, .disconnect])
        #expect(ring.nextDeadline == .seconds(10))
        #expect(ring.on(.tick, at: .seconds(10)) == [.connect(Self.a)])
    }

    @Test("the only address is connected to once, and the rest is the socket's")
    func one() throws {
        var ring = try ring([Self.a])
        #expect(!ring.isSeveral)
        #expect(ring.on(.begin, at: .zero) == [.connect(Self.a)])
        #expect(ring.nextDeadline == nil)
        #expect(ring.on(.failed(isDenied: false), at: .zero) == [])
        #expect(ring.on(.admitted, at: .zero) == [])
        #expect(ring.on(.heard, at: .zero) == [])
        #expect(ring.on(.failed(isDenied: true), at: .zero) == [.denied])
        #expect(ring.on(.silent, at: .zero) == [.disconnect])
        #expect(ring.on(.silent, at: .zero) == [])
        #expect(ring.on(.begin, at: .zero) == [.connect(Self.a)])
    }

    // MARK: Names

    private static let name = "tcp://brokers:7411"

    @Test("a name with one address is that address")
    func nameOfOne() throws {
        var ring = try ring([Self.name])
        #expect(ring.on(.begin, at: .zero) == [.lookUp([Self.name])])
        #expect(ring.on(.silent, at: .zero) == [])
        #expect(ring.on(.found([Self.name: [Self.a]]), at: .zero) == [.connect(Self.name)])
        #expect(ring.nextDeadline == nil)
        #expect(!ring.isSeveral)
        #expect(ring.description == Self.name)
        // It is looked up again when there is no connection, but not all the time.
        #expect(ring.on(.failed(isDenied: false), at: .milliseconds(999)) == [])
        #expect(ring.on(.failed(isDenied: false), at: .seconds(1)) == [.lookUp([Self.name])])
        #expect(ring.on(.failed(isDenied: false), at: .seconds(9)) == [])
        #expect(ring.on(.found([Self.name: [Self.b, Self.c]]), at: .seconds(9)) == [.connect(Self.b)])
    }

    @Test("a name with several addresses is the list of these, for messages too")
    func nameOfSeveral() throws {
        var ring = try ring([Self.name])
        _ = ring.on(.begin, at: .zero)
        #expect(ring.on(.found([Self.name: [Self.a, Self.b]]), at: .zero) == [.connect(Self.a)])
        #expect(ring.isSeveral)
        #expect(ring.addresses == [Self.a, Self.b])
        #expect(ring.description == "\(Self.name) (\(Self.a), \(Self.b))")
        #expect(ring.on(.failed(isDenied: false), at: .zero) == [.connect(Self.b)])
        #expect(ring.on(.failed(isDenied: false), at: .zero) == [.unanswered, .disconnect])
        // Still several: the other may come back.
        _ = ring.on(.found([Self.name: [Self.c]]), at: .seconds(1))
        #expect(ring.isSeveral)
        #expect(ring.addresses == [Self.name])
    }

    @Test("a name service that takes long is not waited for")
    func slowNames() throws {
        var ring = try ring([Self.name])
        _ = ring.on(.begin, at: .zero)
        #expect(ring.nextDeadline == .seconds(1))
        #expect(ring.on(.tick, at: .seconds(1)) == [.connect(Self.name)])
        #expect(ring.on(.found([Self.name: [Self.a, Self.b]]), at: .seconds(5)) == [.connect(Self.a)])
    }

    @Test("a connection that is there stays when names turn out to have several addresses")
    func connectedByName() throws {
        var ring = try ring([Self.name])
        _ = ring.on(.begin, at: .zero)
        _ = ring.on(.found([Self.name: [Self.a]]), at: .zero)
        #expect(ring.on(.admitted, at: .zero) == [])
        #expect(ring.on(.found([Self.name: [Self.a, Self.b]]), at: .zero) == [])
        #expect(ring.isConnected)
        _ = ring.on(.heard, at: .zero)
        let move = AddressMove(from: Self.name, to: Self.a, isSilent: false)
        #expect(ring.on(.failed(isDenied: false), at: .seconds(3)) == [.moved(move), .connect(Self.a)])
    }

    @Test("names are looked up again after each round, and one that is not known keeps its addresses")
    func again() throws {
        var ring = try ring([Self.name, "tcp://other:1"])
        let both = [Self.name, "tcp://other:1"]
        #expect(ring.on(.begin, at: .zero) == [.lookUp(both)])
        #expect(
            ring.on(.found([Self.name: [Self.a, Self.b], "tcp://other:1": []]), at: .zero) == [.connect(Self.a)])
        #expect(ring.addresses == [Self.a, Self.b, "tcp://other:1"])
        _ = ring.on(.tick, at: .seconds(1))
        _ = ring.on(.tick, at: .seconds(2))
        #expect(ring.on(.tick, at: .seconds(3)) == [.unanswered, .connect(Self.a), .lookUp(both)])
        _ = ring.on(.found([Self.name: [], "tcp://other:1": [Self.b, Self.c]]), at: .seconds(3))
        #expect(ring.addresses == [Self.a, Self.b, Self.c])
    }

    // MARK: Anything

    @Test("whatever happens, it always has a connection, an attempt, or a time at which it goes on", arguments: 0..<200)
    func anything(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let lists = [[Self.a, Self.b], [Self.a, Self.b, Self.c], [Self.name, Self.c]]
        let listed = try #require(lists.randomElement(using: &random))
        var ring = try ring(listed)
        var now = Duration.zero
        var socket: String?
        func apply(_ directives: [AddressRing.Directive]) {
            for directive in directives {
                switch directive {
                case .connect(let address): socket = address
                case .disconnect: socket = nil
                case .connected, .moved, .lookUp, .unanswered, .denied: break
                }
            }
        }
        apply(ring.on(.begin, at: now))
        for _ in 0..<300 {
            now += .milliseconds(random.integer(0...700))
            let event: AddressRing.Event =
                switch random.integer(0...11) {
                case 0...2: .failed(isDenied: random.oneIn(4))
                case 3...4: .admitted
                case 5: .heard
                case 6: .silent
                case 7: .found([Self.name: [[], [Self.a], [Self.a, Self.b]].randomElement(using: &random) ?? []])
                default: .tick
                }
            apply(ring.on(event, at: now))
            if let socket {
                #expect(ring.address == socket)
                #expect(ring.isConnected || !ring.isSeveral || ring.nextDeadline != nil)
            } else {
                let due = try #require(ring.nextDeadline)
                #expect(due <= now + .seconds(10))
            }
        }
        // One that is active is found, whichever it is: every other one refuses.
        let active = try #require(ring.addresses.randomElement(using: &random))
        for _ in 0..<100 where !(ring.isConnected && ring.address == active) {
            if socket == active {
                apply(ring.on(.admitted, at: now))
            } else if socket != nil {
                apply(ring.on(.failed(isDenied: false), at: now))
            } else if let due = ring.nextDeadline {
                now = max(now, due)
                apply(ring.on(.tick, at: now))
            }
        }
        #expect(ring.isConnected && ring.address == active)
    }
}
