import DragomanCommand

@main struct Main {
    static func main() async { await Dragoman.launch() }
}
