import JobModel
import Testing
import Worker

@Suite("The room of an engine")
struct EngineRoomTests {
    private func enter(_ room: inout EngineRoom, _ assign: Assign) -> ChunkTask {
        let task = ChunkTask(broker: 0, lease: assign.lease)
        room.enter(task, assign)
        return task
    }

    private func admits(_ room: EngineRoom, _ assign: Assign) -> Bool {
        room.admits(ChunkTask(broker: 0, lease: assign.lease), assign)
    }

    @Test("admits chunks until it is full, and one whatever its size")
    func capacity() {
        var room = EngineRoom(capacity: 100)
        #expect(admits(room, Assign(1, cost: 1000)))
        let first = enter(&room, Assign(1, cost: 60))
        #expect(admits(room, Assign(2, cost: 60)))
        _ = enter(&room, Assign(2, cost: 60))
        #expect(!admits(room, Assign(3, cost: 1)))
        room.leave(first)
        room.leave(first)
        #expect(admits(room, Assign(3, cost: 1)))
    }

    @Test("admits others beside a chunk that is larger than all of it")
    func oversize() {
        var room = EngineRoom(capacity: 100)
        _ = enter(&room, Assign(1, cost: 1000))
        #expect(admits(room, Assign(2, cost: 25)))
        let second = enter(&room, Assign(2, cost: 25))
        #expect(!admits(room, Assign(3, cost: 1)))
        room.leave(second)
        #expect(admits(room, Assign(3, cost: 1)))
    }

    @Test("admits nothing beside a chunk that is to be alone, nor such a chunk beside others")
    func alone() {
        var room = EngineRoom(capacity: 100)
        let alone = enter(&room, Assign(1, cost: 1, isAlone: true))
        #expect(!admits(room, Assign(2, cost: 1)))
        room.leave(alone)
        _ = enter(&room, Assign(2, cost: 1))
        #expect(!admits(room, Assign(3, cost: 1, isAlone: true)))
        #expect(admits(room, Assign(3, cost: 1)))
    }

    @Test("does not admit what it has: a chunk that was cancelled and assigned again waits for its end")
    func again() {
        var room = EngineRoom(capacity: 100)
        let task = enter(&room, Assign(1, cost: 10))
        #expect(!admits(room, Assign(1, cost: 10)))
        room.leave(task)
        #expect(admits(room, Assign(1, cost: 10)))
    }

    @Test("keeps the same lease of two brokers apart")
    func brokers() {
        var room = EngineRoom(capacity: 100)
        for broker in 0..<2 { room.enter(ChunkTask(broker: broker, lease: LeaseName(1)), Assign(1, cost: 60)) }
        #expect(!admits(room, Assign(2)))
        room.leave(ChunkTask(broker: 0, lease: LeaseName(1)))
        #expect(admits(room, Assign(2)))
        #expect(!room.isEmpty)
    }
}
