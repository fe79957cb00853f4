package dev.shadow.tck.contract;

import dev.shadow.spi.placement.LicenseLedger;
import dev.shadow.tck.fake.FakeLicenseLedger;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;

class FakeLicenseLedgerTest extends LicenseLedgerContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private FakeLicenseLedger fake = FakeLicenseLedger.on(time);

    FakeLicenseLedgerTest() {
        fake.setPool("database", 4);
        fake.setPool("os", 2);
    }

    @Override
    protected LicenseLedger ledger() {
        return Mutant.in(LicenseLedger.class, fake, memory);
    }

    @Override
    protected void crashAndReopen() {
        fake = fake.reopen();
        Mutant.crash(memory);
    }

    @Override
    protected void makeUnreachable() {
        for (FakeLicenseLedger.Call call : FakeLicenseLedger.Call.values()) {
            fake.faults().delayNext(call, Duration.ofHours(1));
        }
    }

    @Override
    protected Duration patience() {
        return Duration.ofMillis(100);
    }

    @Override
    protected void settle() {
        time.advance(Duration.ofMillis(500));
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }
}
