import DragomanCommand

@main struct Main {
    static func main() { Dragoman.launch() }
}
