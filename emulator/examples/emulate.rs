//! Starts the stand-ins, prints where they are as one line of JSON, and waits for Ctrl-C.

use switchboard_emulator::{Emulator, Settings};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "telling the addresses is what this program is for")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::start(Settings::default()).await?;
    println!("{}", emulator.addresses().to_json());
    tokio::signal::ctrl_c().await?;
    emulator.shutdown().await;
    Ok(())
}
