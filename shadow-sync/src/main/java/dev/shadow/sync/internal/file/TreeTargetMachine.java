package dev.shadow.sync.internal.file;

import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.sync.internal.Framing;
import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.ProtocolException;
import dev.shadow.sync.internal.Receiver;
import dev.shadow.sync.internal.RefusalCode;
import dev.shadow.sync.internal.ReplicaPoint;
import dev.shadow.sync.internal.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of one connection about a tree. Has no thread; one thread at a time may call it. Every exception
 * ends the connection.
 */
public final class TreeTargetMachine implements Receiver {
    /** Encoded bytes of a change of the manifest at most. */
    static final int MAX_CHANGE_BYTES = 256 << 20;

    private static final int MAX_WINDOW = 1 << 30;

    private final TreeVault vault;
    private final LongSupplier sessions;
    private final Wire wire;
    private final ByteArrayOutputStream change = new ByteArrayOutputStream();
    private @Nullable TreeReplica replica;
    private boolean control;
    private long generation;

    private TreeTargetMachine(TreeVault vault, LongSupplier sessions, Wire wire) {
        this.vault = vault;
        this.sessions = sessions;
        this.wire = wire;
    }

    /** Says whether a connection that starts with this hello is about a tree. */
    public static boolean isMeant(Message message, TreeVault vault) {
        if (!(message instanceof Message.Hello hello)) {
            return false;
        }
        return hello.role() == Message.Role.FILES
                || vault.all().keySet().stream().anyMatch(each -> each.value().equals(hello.target()));
    }

    /** Returns the machine of a new connection. */
    public static TreeTargetMachine of(TreeVault vault, LongSupplier sessions, Wire wire) {
        return new TreeTargetMachine(vault, sessions, wire);
    }

    @Override
    public void receive(Framing.Frame frame) throws IOException {
        TreeReplica current = replica;
        if (current == null) {
            if (!(frame.message() instanceof Message.Hello hello)) {
                throw ProtocolException.malformed("the first frame must be a hello");
            }
            hello(hello, frame.generation());
        } else if (control) {
            control(current, frame.message());
        } else {
            current.requireOwner(this, frame.generation());
            if (frame.message() instanceof Message.Tree tree) {
                replicate(current, TreeMessage.of(tree));
            } else if (!(frame.message() instanceof Message.Heartbeat)) {
                throw misplaced(frame.message());
            }
        }
    }

    private static ProtocolException misplaced(Message message) {
        return ProtocolException.malformed("a message of type " + message.type() + " has no place here");
    }

    private void hello(Message.Hello hello, long offered) throws IOException {
        if (hello.minVersion() > Framing.VERSION || hello.maxVersion() < Framing.VERSION) {
            throw ProtocolException.refused(
                    RefusalCode.VERSION,
                    "versions " + hello.minVersion() + " to " + hello.maxVersion() + " are not spoken here, only "
                            + Framing.VERSION,
                    0);
        }
        TreeReplica found = find(hello.target());
        generation = offered;
        switch (hello.role()) {
            case REPLICATE ->
                throw ProtocolException.refused(
                        RefusalCode.MISMATCH, "replica " + hello.target() + " is a tree, not a disk", 0);
            case CONTROL -> {
                control = true;
                welcome(found, found.view().point(), 0);
            }
            case FILES -> {
                int window = Math.min(hello.windowBytes(), MAX_WINDOW);
                if (window < TreeMessage.MAX_PART) {
                    throw ProtocolException.malformed("a window of " + window + " bytes is too small");
                }
                found.requireVm(hello.vm());
                welcome(found, found.attach(this, offered), window);
            }
        }
    }

    private void welcome(TreeReplica found, ReplicaPoint point, int window) {
        replica = found;
        wire.establish(sessions.getAsLong());
        long seen = found.view().generation();
        wire.send(new Message.Welcome(Framing.VERSION, point, seen, window), seen);
    }

    private TreeReplica find(String target) throws ProtocolException {
        try {
            return vault.find(InstanceId.of(target))
                    .orElseThrow(() -> ProtocolException.refused(
                            RefusalCode.UNKNOWN_REPLICA, "there is no tree " + target + " here: create it first", 0));
        } catch (InvalidValueException e) {
            throw ProtocolException.malformed(String.valueOf(e.getMessage()));
        }
    }

    private void replicate(TreeReplica current, TreeMessage message) throws IOException {
        if (message instanceof TreeMessage.AskManifest) {
            answer(current.manifest());
        } else if (message instanceof TreeMessage.AskSignatures m) {
            answer(current.signatures(m.path(), m.blockSize()));
        } else if (message instanceof TreeMessage.Begin m) {
            change.reset();
            current.begin(m.round());
        } else if (message instanceof TreeMessage.File m) {
            current.startFile(m.index(), m.base());
        } else if (message instanceof TreeMessage.Content m) {
            int bytes = m.pieces().remaining();
            current.content(m.pieces());
            wire.send(new Message.Credit(bytes), generation);
        } else if (message instanceof TreeMessage.FileEnd) {
            current.endFile();
        } else if (message instanceof TreeMessage.ChangePart m) {
            collect(m.bytes());
        } else if (message instanceof TreeMessage.Commit m) {
            commit(current, m);
        } else if (message instanceof TreeMessage.AskVerify m) {
            wire.send(current.verify(m.round()).toMessage(), generation);
        } else {
            throw ProtocolException.malformed("an answer of the target came from the source");
        }
    }

    private void collect(ByteBuffer part) throws ProtocolException {
        if (part.remaining() > MAX_CHANGE_BYTES - change.size()) {
            throw ProtocolException.malformed("a change of a manifest is over " + MAX_CHANGE_BYTES + " bytes");
        }
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        change.write(bytes, 0, bytes.length);
    }

    private void commit(TreeReplica current, TreeMessage.Commit message) throws IOException {
        ManifestChange decoded = ManifestChange.decode(ByteBuffer.wrap(change.toByteArray()));
        change.reset();
        List<Integer> wrong = current.commit(decoded, message);
        if (!wrong.isEmpty()) {
            wire.send(new TreeMessage.Mismatched(wrong).toMessage(), generation);
            return;
        }
        wire.send(new Message.Committed(message.round()), generation);
        current.settle();
    }

    private void answer(ByteBuffer bytes) {
        do {
            int length = Math.min(bytes.remaining(), TreeMessage.MAX_PART);
            ByteBuffer part = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            wire.send(new TreeMessage.AnswerPart(!bytes.hasRemaining(), part).toMessage(), generation);
        } while (bytes.hasRemaining());
    }

    private void control(TreeReplica current, Message message) throws IOException {
        if (message instanceof Message.StatusRequest) {
            TreeReplica.View view = current.view();
            wire.send(
                    new Message.StatusReply(
                            view.vm(),
                            view.bytes(),
                            0,
                            view.generation(),
                            view.promoted(),
                            view.point(),
                            view.staged(),
                            view.connected()),
                    view.generation());
        } else if (message instanceof Message.Promote m) {
            if (m.epoch() != 0) {
                throw ProtocolException.refused(
                        RefusalCode.STATE,
                        "a directory tree keeps no history: promote it at its last round",
                        current.view().generation());
            }
            TreeReplica.Promoted done = current.promote(m.generation());
            wire.send(
                    new Message.Promoted(
                            done.generation(),
                            done.point().epoch(),
                            done.point().frozenAtMillis(),
                            done.discardedBytes()),
                    done.generation());
        } else if (!(message instanceof Message.Heartbeat)) {
            throw misplaced(message);
        }
    }

    @Override
    public void closed() {
        if (replica != null) {
            replica.detach(this);
        }
    }
}
