package dev.shadow.tck.fake;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.spi.sync.VerifyReport;
import dev.shadow.tck.fake.FakeSyncEngine.Call;
import java.time.Duration;
import java.util.function.Consumer;

/** A manager's handle of a session: adds the engine's faults. */
final class FaultySyncSession implements SyncSession {
    private final FakeSyncSession session;
    private final Faults<Call> faults;

    FaultySyncSession(FakeSyncSession session, Faults<Call> faults) {
        this.session = session;
        this.faults = faults;
    }

    private interface Action {
        void run() throws SyncException;
    }

    private void call(Call call, CallContext context, Action action) throws SyncException {
        faults.in(call, context.timeout(), SyncException::new, () -> {
            action.run();
            return call;
        });
    }

    @Override
    public SyncSpec spec() {
        return session.spec();
    }

    @Override
    public void start(CallContext context) throws SyncException {
        call(Call.START, context, () -> session.start(context));
    }

    @Override
    public SyncStatus status() {
        return session.status();
    }

    @Override
    public Subscription subscribe(Consumer<SyncStatus> listener) {
        return session.subscribe(listener);
    }

    @Override
    public long commitEpoch(CallContext context) throws SyncException {
        return faults.in(Call.COMMIT_EPOCH, context.timeout(), SyncException::new, () -> session.commitEpoch(context));
    }

    @Override
    public void pause(CallContext context) throws SyncException {
        call(Call.PAUSE, context, () -> session.pause(context));
    }

    @Override
    public void resume(CallContext context) throws SyncException {
        call(Call.RESUME, context, () -> session.resume(context));
    }

    @Override
    public void acknowledgeDegraded(CallContext context) throws SyncException {
        call(Call.ACKNOWLEDGE_DEGRADED, context, () -> session.acknowledgeDegraded(context));
    }

    @Override
    public VerifyReport verify(Duration timeout) throws SyncException {
        return faults.in(Call.VERIFY, timeout, SyncException::new, () -> session.verify(timeout));
    }

    @Override
    public Promotion promote(CallContext context) throws SyncException {
        return faults.in(Call.PROMOTE, context.timeout(), SyncException::new, () -> session.promote(context));
    }

    @Override
    public void close() {
        session.close();
    }
}
