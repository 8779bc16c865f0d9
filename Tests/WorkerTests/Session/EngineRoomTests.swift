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

    @Test("admits chunks until it is full, and one whatever its size")
    func capacity() {
        var room = EngineRoom(capacity: 100)
        #expect(room.admits(Assign(1, cost: 1000)))
        let first = enter(&room, Assign(1, cost: 60))
        #expect(room.admits(Assign(2, cost: 60)))
        _ = enter(&room, Assign(2, cost: 60))
        #expect(!room.admits(Assign(3, cost: 1)))
        room.leave(first)
        room.leave(first)
        #expect(room.admits(Assign(3, cost: 1)))
    }

    @Test("admits nothing beside a chunk that is to be alone, nor such a chunk beside others")
    func alone() {
        var room = EngineRoom(capacity: 100)
        let alone = enter(&room, Assign(1, cost: 1, isAlone: true))
        #expect(!room.admits(Assign(2, cost: 1)))
        room.leave(alone)
        _ = enter(&room, Assign(2, cost: 1))
        #expect(!room.admits(Assign(3, cost: 1, isAlone: true)))
        #expect(room.admits(Assign(3, cost: 1)))
    }

    @Test("keeps the same lease of two brokers apart")
    func brokers() {
        var room = EngineRoom(capacity: 100)
        for broker in 0..<2 { room.enter(ChunkTask(broker: broker, lease: LeaseName(1)), Assign(1, cost: 60)) }
        #expect(!room.admits(Assign(2)))
        room.leave(ChunkTask(broker: 0, lease: LeaseName(1)))
        #expect(room.admits(Assign(2)))
        #expect(!room.isEmpty)
    }
}
