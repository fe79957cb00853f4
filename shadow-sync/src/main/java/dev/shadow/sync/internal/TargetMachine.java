package dev.shadow.sync.internal;

import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.StaleGenerationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of one connection: takes one frame after the other and acts on the replica that the first one
 * names. Has no thread; one thread at a time may call it. Every exception ends the connection: {@link #refusal} says
 * what to tell the peer.
 */
public final class TargetMachine implements Receiver {
    private static final int MAX_WINDOW = 1 << 30;

    private final ReplicaVault vault;
    private final LongSupplier sessions;
    private final Wire wire;
    private @Nullable Replica replica;
    private Message.@Nullable Role role;
    private long generation;

    private TargetMachine(ReplicaVault vault, LongSupplier sessions, Wire wire) {
        this.vault = vault;
        this.sessions = sessions;
        this.wire = wire;
    }

    /**
     * Returns the machine of a new connection.
     *
     * @param sessions gives a number other than 0 that no other connection has had
     */
    public static TargetMachine of(ReplicaVault vault, LongSupplier sessions, Wire wire) {
        return new TargetMachine(vault, sessions, wire);
    }

    /** Says whether the peer was welcomed. */
    public boolean isEstablished() {
        return role != null;
    }

    @Override
    public void receive(Framing.Frame frame) throws IOException {
        Replica current = replica;
        if (role == null || current == null) {
            if (!(frame.message() instanceof Message.Hello hello)) {
                throw ProtocolException.malformed("the first frame must be a hello");
            }
            hello(hello, frame.generation());
        } else if (frame.message() instanceof Message.Heartbeat) {
            if (role == Message.Role.REPLICATE) {
                current.requireOwnership(this, frame.generation());
            }
        } else if (role == Message.Role.CONTROL) {
            control(current, frame.message());
        } else {
            replicate(current, frame.message(), frame.generation());
        }
    }

    private void hello(Message.Hello hello, long offered) throws IOException {
        if (hello.minVersion() > Framing.VERSION || hello.maxVersion() < Framing.VERSION) {
            throw ProtocolException.refused(
                    RefusalCode.VERSION,
                    "versions " + hello.minVersion() + " to " + hello.maxVersion() + " are not spoken here, only "
                            + Framing.VERSION,
                    0);
        }
        if (hello.role() == Message.Role.REPLICATE) {
            admit(hello, offered);
        }
        Replica found = find(hello.target());
        generation = offered;
        if (hello.role() == Message.Role.REPLICATE) {
            found.requireGeometry(hello.vm(), hello.sizeBytes(), hello.blockSize());
            int window = Math.min(hello.windowBytes(), MAX_WINDOW);
            if (window < 1) {
                throw ProtocolException.malformed("a window of " + window + " bytes is too small");
            }
            welcome(found, hello.role(), found.attach(this, offered), window);
        } else {
            welcome(found, hello.role(), found.view().point(), 0);
        }
    }

    private void admit(Message.Hello hello, long offered) throws IOException {
        try {
            vault.admit(hello, offered);
        } catch (InvalidValueException e) {
            throw ProtocolException.malformed(String.valueOf(e.getMessage()));
        }
    }

    private void welcome(Replica found, Message.Role newRole, ReplicaPoint point, int window) {
        replica = found;
        role = newRole;
        wire.establish(sessions.getAsLong());
        long seen = found.view().generation();
        wire.send(new Message.Welcome(Framing.VERSION, point, seen, window), seen);
    }

    private Replica find(String target) throws ProtocolException {
        try {
            return vault.find(InstanceId.of(target)).orElseThrow(() -> unknown(target));
        } catch (InvalidValueException e) {
            throw ProtocolException.malformed(String.valueOf(e.getMessage()));
        }
    }

    private static ProtocolException unknown(String target) {
        return ProtocolException.refused(
                RefusalCode.UNKNOWN_REPLICA, "there is no replica " + target + " here: create it first", 0);
    }

    private void replicate(Replica current, Message message, long offered) throws IOException {
        if (message instanceof Message.Begin m) {
            current.begin(this, offered, m.epoch(), m.lineage(), m.full());
        } else if (message instanceof Message.Data m) {
            int bytes = m.extents().remaining();
            current.data(this, offered, m.epoch(), m.index(), m.extents());
            wire.send(new Message.Credit(bytes), generation);
        } else if (message instanceof Message.Commit m) {
            current.commit(this, offered, m);
            wire.send(new Message.Committed(m.epoch()), generation);
            current.settle(this);
        } else if (message instanceof Message.Abort m) {
            current.abort(this, offered, m.epoch());
        } else if (message instanceof Message.VerifyBegin m) {
            current.beginDigests(this, offered, m.epoch(), m.chunkBytes());
        } else if (message instanceof Message.DigestRequest m) {
            ByteBuffer crcs = current.digests(this, offered, m.first(), m.count());
            wire.send(new Message.Digests(m.epoch(), m.first(), crcs), generation);
        } else if (message instanceof Message.VerifyEnd) {
            current.endDigests(this);
        } else {
            throw ProtocolException.malformed("a message of type " + message.type() + " has no place here");
        }
    }

    private void control(Replica current, Message message) throws IOException {
        if (message instanceof Message.StatusRequest) {
            Replica.View view = current.view();
            wire.send(
                    new Message.StatusReply(
                            view.vm(),
                            view.sizeBytes(),
                            view.blockSize(),
                            view.generation(),
                            view.promoted(),
                            view.point(),
                            view.stagedBytes(),
                            view.connected()),
                    view.generation());
        } else if (message instanceof Message.DigestRequest m) {
            ByteBuffer crcs = current.digestsOf(m.epoch(), m.first(), m.count());
            wire.send(
                    new Message.Digests(m.epoch(), m.first(), crcs),
                    current.view().generation());
        } else if (message instanceof Message.HistoryRequest) {
            wire.send(new Message.History(current.points()), current.view().generation());
        } else if (message instanceof Message.Promote m) {
            Replica.Promoted done = current.promoteTo(m.generation(), m.epoch());
            wire.send(
                    new Message.Promoted(
                            done.generation(),
                            done.point().epoch(),
                            done.point().frozenAtMillis(),
                            done.discardedBytes()),
                    done.generation());
        } else {
            throw ProtocolException.malformed("a message of type " + message.type() + " has no place here");
        }
    }

    /** What to tell the peer about an exception that ends its connection. */
    public static Message.Refused refusal(Exception e) {
        if (e instanceof StaleGenerationException stale) {
            return new Message.Refused(
                    RefusalCode.STALE_GENERATION, stale.highestSeen().value(), String.valueOf(stale.getMessage()));
        }
        if (e instanceof ProtocolException protocol) {
            return new Message.Refused(protocol.code(), protocol.highestGeneration(), String.valueOf(e.getMessage()));
        }
        return new Message.Refused(RefusalCode.STORAGE, 0, String.valueOf(e.getMessage()));
    }

    @Override
    public void closed() throws IOException {
        if (replica != null) {
            replica.detach(this);
        }
    }
}
