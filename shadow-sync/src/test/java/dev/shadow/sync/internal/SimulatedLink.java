package dev.shadow.sync.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.UnaryOperator;

/** One connection: two queues of encoded frames, delivered one by one. */
final class SimulatedLink {
    final ArrayDeque<ByteBuffer> toTarget = new ArrayDeque<>();
    final ArrayDeque<ByteBuffer> toSource = new ArrayDeque<>();
    final Framing sourceFraming = Framing.create();
    final Framing targetFraming = Framing.create();
    final Wire sourceEnd;
    final Wire targetEnd;
    boolean sourceOpen = true;
    boolean targetOpen = true;

    /** @param planted what a planted bug makes of messages and generations before they are encoded */
    SimulatedLink(UnaryOperator<Framing.Frame> planted) {
        sourceEnd = new End(toTarget, sourceFraming, planted);
        targetEnd = new End(toSource, targetFraming, UnaryOperator.identity());
    }

    private record End(ArrayDeque<ByteBuffer> queue, Framing framing, UnaryOperator<Framing.Frame> planted)
            implements Wire {
        @Override
        public void send(Message message, long generation) {
            Framing.Frame frame = planted.apply(new Framing.Frame(generation, 0, message));
            queue.add(framing.encode(frame.message(), frame.generation()));
        }

        @Override
        public void establish(long session) {
            framing.establish(session);
        }
    }
}
