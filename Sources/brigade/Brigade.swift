import BrigadeCommands

@main
enum Main {
    static func main() async {
        await BrigadeCommand.run()
    }
}
