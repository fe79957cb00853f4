package dev.shadow.core.placement.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.core.placement.search.BudgetMeter;
import dev.shadow.core.placement.search.SearchBudget;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.tck.property.SeededTest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BoundCertificateTest {
    @TempDir
    Path directory;

    private static BoundCertificate proven(FleetInstance fleet, int steps) {
        BudgetMeter meter = BudgetMeter.startingNow(SearchBudget.ofSteps(steps), () -> 0);
        return BoundProver.of(fleet).prove(meter, 1);
    }

    private Path written(FleetInstance fleet, BoundCertificate certificate) throws IOException {
        Path file = directory.resolve("bound.json");
        FleetDocuments.writeBound(fleet, certificate, file);
        return file;
    }

    @SeededTest(runs = 30)
    void noPlanOfATinyFleetCostsLess(RandomGenerator random) throws IOException {
        FleetInstance fleet = TinyFleets.any(random);
        OptionalLong cheapest = TinyFleets.cheapest(fleet);
        if (cheapest.isEmpty()) {
            return;
        }

        ExactBound exact = new ExactBound(fleet, written(fleet, proven(fleet, 200)));

        assertThat(exact.holds()).isTrue();
        assertThat(exact.value()).isLessThanOrEqualTo(BigDecimal.valueOf(cheapest.getAsLong()));
        assertThat(exact.value()).isGreaterThan(BigDecimal.valueOf(cheapest.getAsLong() / 4));
    }

    @SeededTest(runs = 20)
    void anAuditProvesNoMoreThanExactArithmetic(RandomGenerator random) throws IOException {
        FleetInstance fleet = RandomFleets.any(random);
        Path file = written(fleet, proven(fleet, 50));

        double audited = BoundAudit.of(fleet).audit(FleetDocuments.readBound(fleet, file));

        double exact = new ExactBound(fleet, file).value().doubleValue();
        assertThat(audited).isBetween(exact * (1 - 1e-8), exact);
    }

    @SeededTest(runs = 10)
    void moreStepsProveMore(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);
        BoundAudit audit = BoundAudit.of(fleet);

        double few = audit.audit(proven(fleet, 1));
        double many = audit.audit(proven(fleet, 300));

        assertThat(many).isGreaterThan(few);
        assertThat(audit.audit(proven(fleet, 300))).isEqualTo(many);
    }

    @Test
    void multipliersThatCostMoreThanAReserveAreRefused() throws IOException {
        assertRefused("/lambdaCpu/0", "lambdaCpu[0] must cost at most");
        assertRefused("/lambdaMem/1", "lambdaMem[1] must cost at most");
        assertRefused("/nu/0/0/m", "nu[0][0] must cost at most");
    }

    private void assertRefused(String path, String message) throws IOException {
        FleetInstance fleet = RandomFleets.any(new SplittableRandom(7));
        Path file = written(fleet, proven(fleet, 20));
        ObjectNode document = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        ArrayNode row = (ArrayNode) document.at(path);
        row = row.get(0).isArray() ? (ArrayNode) row.get(0) : row;
        row.set(0, row.numberNode(row.get(0).asDouble() + 1e6));
        Files.writeString(file, document.toString());

        BoundCertificate tampered = FleetDocuments.readBound(fleet, file);

        assertThatThrownBy(() -> BoundAudit.of(fleet).audit(tampered))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aPriceOfRoomCostsTheRoomThatThereIs() throws IOException {
        FleetInstance fleet = RandomFleets.any(new SplittableRandom(7));
        Path file = written(fleet, proven(fleet, 20));
        ObjectNode document = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        ((ArrayNode) document.at("/muMem/0")).set(1, 0.75);
        Files.writeString(file, document.toString());

        double audited = BoundAudit.of(fleet).audit(FleetDocuments.readBound(fleet, file));

        double exact = new ExactBound(fleet, file).value().doubleValue();
        assertThat(audited).isBetween(exact - 1e-8 * Math.abs(exact) - 1, exact);
    }

    @Test
    void aDocumentThatMakesNoSenseIsRefusedByTheNameOfItsField() throws IOException {
        FleetInstance fleet = RandomFleets.any(new SplittableRandom(7));
        String document = Files.readString(written(fleet, proven(fleet, 5)));

        assertUnreadable(fleet, document.replace("shadow-bound/1", "shadow-bound/2"), "format must be shadow-bound/1");
        assertUnreadable(fleet, document.replace("\"muMem\":[[0.0", "\"muMem\":[[-1"), "muMem[0][0] must be a number");
        assertUnreadable(fleet, document.replace("\"muMem\":[[0.0", "\"muMem\":[[NaN"), "muMem[0][0] must be a number");
        assertUnreadable(fleet, document.replace("\"muMem\":[[0.0,", "\"muMem\":[["), "muMem[0] must be an array of 3");
        assertUnreadable(fleet, document.replace("lambdaMem", "lambda"), "lambdaMem must be an array");
    }

    private void assertUnreadable(FleetInstance fleet, String document, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("wrong.json"), document);
        assertThatThrownBy(() -> FleetDocuments.readBound(fleet, file))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aCertificateOfAnotherFleetIsRefused() {
        FleetInstance fleet = RandomFleets.any(new SplittableRandom(7));
        BoundCertificate other = proven(TinyFleets.any(new SplittableRandom(7)), 1);

        assertThatThrownBy(() -> BoundAudit.of(fleet).audit(other))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("of another fleet");
        assertThatThrownBy(() -> FleetDocuments.writeBound(fleet, other, directory.resolve("other.json")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("of another fleet");
    }
}
