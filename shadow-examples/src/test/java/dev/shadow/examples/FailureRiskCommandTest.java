package dev.shadow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FailureRiskCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeDisksOfWhichOnesWithErrorsFail() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        List<String> train = new ArrayList<>(List.of("unit,age_h,model,errors,fails_720h"));
        List<String> score = new ArrayList<>(List.of("unit,age_h,model,errors"));
        for (int u = 0; u < 120; u++) {
            boolean bad = random.nextInt(6) == 0;
            String errors = bad ? "30" : u % 7 == 0 ? "" : "0";
            train.add("t" + u + ",720,m" + u % 2 + "," + errors + "," + (bad ? "1" : u % 11 == 0 ? "mitigated" : "0"));
            score.add("s" + u + ",720,m" + u % 2 + "," + errors);
        }
        Files.write(file("train.csv"), train);
        Files.write(file("score.csv"), score);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("failure-risk"));
        for (String argument : arguments) {
            all.add(argument.contains(".") ? file(argument).toString() : argument);
        }
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    private int trained(String risks, String... more) {
        List<String> all = new ArrayList<>(List.of("--train", "train.csv", "--score", "score.csv", "--out", risks));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    @Test
    void writesTheRiskOfEveryRowInItsOrder() throws IOException {
        assertThat(trained("risks.csv", "--costs", "1,0,20")).as(err.toString()).isZero();
        List<String> risks = Files.readAllLines(file("risks.csv"));
        List<String> asked = Files.readAllLines(file("score.csv"));
        assertThat(risks).hasSameSizeAs(asked);
        assertThat(risks.get(0)).isEqualTo("unit,age_h,risk");
        for (int i = 1; i < risks.size(); i++) {
            String[] cells = risks.get(i).split(",", -1);
            assertThat(asked.get(i)).startsWith(cells[0] + ",720,");
            assertThat(cells[1]).isEqualTo("720");
            if (asked.get(i).endsWith(",30")) {
                assertThat(Double.parseDouble(cells[2])).isBetween(0.5, 1.0);
            } else {
                assertThat(Double.parseDouble(cells[2])).isBetween(0.0, 0.2);
            }
        }
        assertThat(out.toString())
                .contains("learned from 120 units aged 720 to 720 hours")
                .contains("seed 1")
                .contains("acting pays from a risk of 0.05000");
    }

    @Test
    void aSavedModelGivesTheSameRisksWithReasons() throws IOException {
        assertThat(trained("one.csv", "--save", "disks.model", "--threads", "2"))
                .as(err.toString())
                .isZero();
        assertThat(run("--model", "disks.model", "--score", "score.csv", "--out", "two.csv", "--reasons", "why.csv"))
                .as(err.toString())
                .isZero();
        assertThat(file("two.csv")).hasSameTextualContentAs(file("one.csv"));
        List<String> why = Files.readAllLines(file("why.csv"));
        assertThat(why.get(0)).isEqualTo("unit,age_h,risk,rank,signal,value,log_odds,reason");
        assertThat(why.stream().filter(line -> line.contains(",1,errors,30,")))
                .isNotEmpty()
                .allMatch(line -> line.contains("errors is 30: raises the odds"));
    }

    @Test
    void saysWhichCellOfWhichFileIsWrong() throws IOException {
        Files.writeString(file("score.csv"), "unit,age_h,model,errors\na,720,m,0\nb,720,m,many\n");
        assertThat(trained("risks.csv")).isEqualTo(2);
        assertThat(err.toString())
                .contains("score.csv, line 3, column errors must be a finite number, was 'many'")
                .hasLineCount(1);
        assertThat(file("risks.csv")).doesNotExist();
    }

    @Test
    void saysWhichColumnTheTableToScoreLacks() throws IOException {
        Files.writeString(file("score.csv"), "unit,age_h,model\na,720,m\n");
        assertThat(trained("risks.csv")).isEqualTo(2);
        assertThat(err.toString()).contains("score.csv, numbers must hold errors, was []");
    }

    @Test
    void saysThatNothingCanBeLearnedWithoutAFailure() throws IOException {
        Files.writeString(file("train.csv"), "unit,age_h,model,errors,fails_720h\na,720,m,0,0\n");
        assertThat(trained("risks.csv")).isEqualTo(2);
        assertThat(err.toString()).contains("train.csv, outcomes must have at least one failed and one healthy row");
    }

    @Test
    void aDamagedModelIsToldWithItsFile() throws IOException {
        Files.writeString(file("disks.model"), "no model at all, but longer than a header");
        assertThat(run("--model", "disks.model", "--score", "score.csv", "--out", "risks.csv"))
                .isEqualTo(3);
        assertThat(err.toString()).contains("disks.model").contains("SHDWFAIL");
    }

    @Test
    void senselessOptionsAreRefused() {
        assertThat(trained("risks.csv", "--costs", "1,5,2")).isEqualTo(2);
        assertThat(trained("risks.csv", "--threads", "0")).isEqualTo(2);
        assertThat(run("--score", "score.csv", "--out", "risks.csv")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--costs must be three numbers A,F,U")
                .contains("--threads must be a number from 1 to 64, was '0'")
                .contains("--train");
    }
}
