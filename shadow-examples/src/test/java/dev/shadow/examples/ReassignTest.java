package dev.shadow.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shadow.core.placement.search.CpuClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReassignTest {
    /** Two machines; one of two equal processes must leave the first, which costs 13 and saves 20. */
    private static final String MODEL = """
            1  0 10
            2  0 0 10 3 0 2  0 1 10 5 2 0
            2  0 0  0 0
            2  0 4 1  1 4 1
            0
            1 10 1
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private Path model = Path.of("");
    private Path assignment = Path.of("");

    @BeforeEach
    void writeTheProblem() throws IOException {
        model = directory.resolve("model.txt.gz");
        try (GZIPOutputStream zip = new GZIPOutputStream(Files.newOutputStream(model))) {
            zip.write(MODEL.getBytes(UTF_8));
        }
        assignment = Files.writeString(directory.resolve("first.txt"), "0 0\n");
    }

    @Test
    void writesASolutionAndPrintsOneLineOfJson() throws IOException {
        Path solution = directory.resolve("solution.txt");

        assertThat(reassign(solution, "--seconds", "1000000")).isEqualTo(2);
        assertThat(reassign(solution, "--seconds", cpuSecondsSoFarAnd(1))).isZero();

        JsonNode line = JsonMapper.builder().build().readTree(out.toString());
        assertThat(out.toString()).hasLineCount(1);
        assertThat(line.get("objective").asLong()).isEqualTo(23);
        assertThat(line.get("evaluations").asLong()).isPositive();
        assertThat(line.get("cpuSeconds").asDouble()).isPositive();
        assertThat(Files.readString(solution)).isIn("0 1\n", "1 0\n");
        assertThat(err.toString()).contains("objective 23");
    }

    @Test
    void compressesASolutionNamedGz() throws IOException {
        Path solution = directory.resolve("solution.txt.gz");

        assertThat(reassign(solution, "--threads", "2", "--seconds", "0.01", "--quiet"))
                .isZero();

        try (GZIPInputStream zip = new GZIPInputStream(Files.newInputStream(solution))) {
            assertThat(new String(zip.readAllBytes(), UTF_8)).hasSize(4);
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void complainsInOneLineOfAModelThatIsWrong() throws IOException {
        Files.delete(model);
        model = Files.writeString(directory.resolve("model.txt"), MODEL.replace("0 4 1", "0 -4 1"));

        assertThat(reassign(directory.resolve("solution.txt"))).isEqualTo(2);

        assertThat(err.toString())
                .isEqualToIgnoringNewLines("shadow reassign: line 4: requirement of process 0 for resource 0"
                        + " must be a whole number from 0 to 500000000, was '-4'");
        assertThat(directory.resolve("solution.txt")).doesNotExist();
    }

    @Test
    void complainsInOneLineOfAFileThatIsMissingOrNotCompressed() throws IOException {
        Files.writeString(model, "not compressed");

        assertThat(reassign(directory.resolve("solution.txt"))).isEqualTo(2);
        assertThat(err.toString()).hasLineCount(1).contains("must be compressed by gzip");

        Files.delete(model);
        assertThat(reassign(directory.resolve("solution.txt"))).isEqualTo(2);
        assertThat(err.toString()).hasLineCount(2).contains("--model must name a file that can be read");
    }

    private int reassign(Path solution, String... more) {
        String[] args = {
            "reassign", "--model", model.toString(), "--assignment", assignment.toString(), "--out", solution.toString()
        };
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
    }

    /** The command counts from the start of its process, which here has run tests before. */
    private static String cpuSecondsSoFarAnd(int more) {
        return Double.toString(CpuClock.ofProcess().cpuNanos() / 1e9 + more);
    }
}
