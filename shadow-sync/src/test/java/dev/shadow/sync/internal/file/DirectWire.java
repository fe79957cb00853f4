package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.Framing;
import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Takes the place of a connection: what the target answers is kept, what the source says is given to it at once. */
final class DirectWire implements Wire, TreeChannel {
    final Deque<Message> answers = new ArrayDeque<>();
    final TreeTargetMachine target;
    long contentBytes;

    DirectWire(TreeVault vault) {
        target = TreeTargetMachine.of(vault, () -> 1, this);
    }

    @Override
    public void send(Message message, long generation) {
        answers.add(message);
    }

    @Override
    public void establish(long session) {}

    void say(Message message) throws IOException {
        target.receive(new Framing.Frame(1, 1, message));
    }

    @Override
    public void send(TreeMessage message) throws IOException {
        say(message.toMessage());
    }

    @Override
    public void sendContent(ByteBuffer pieces) throws IOException {
        contentBytes += pieces.remaining();
        send(new TreeMessage.Content(pieces));
    }

    @Override
    public Message await() {
        answers.removeIf(each -> each instanceof Message.Credit);
        return answers.remove();
    }

    void hello(String vm, String name) throws IOException {
        say(new Message.Hello(1, 1, Message.Role.FILES, vm, "a", name, 0, 0, 1 << 20));
    }
}
