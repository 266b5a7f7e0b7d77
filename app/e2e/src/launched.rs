use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::future::select_all;
use rustix::process::Signal;

use crate::split::Own;
use crate::{Address, Binary, Launcher, Opening, Outcome, Said, Split, process};

#[async_trait]
impl Launcher for Split {
    async fn start(&self, opening: &Opening) -> Outcome {
        for place in self.places() {
            let opening = self.site.opening_of(place, opening);
            if !self.runs_as(place, &opening).await? {
                self.kill_at(place).await?;
                self.start_at(place, &opening).await?;
            }
        }
        Ok(())
    }

    async fn kill(&self) -> Outcome {
        // All at the same time; some may have ended already.
        for opened in self.running.lock().await.iter().flatten() {
            let _gone = opened.running.signal(Signal::KILL);
        }
        for place in self.places() {
            self.kill_at(place).await?;
        }
        Ok(())
    }

    async fn stop(&self) -> Outcome<Duration> {
        let asked = Instant::now();
        for place in self.places().into_iter().rev() {
            self.stop_at(place).await?;
        }
        Ok(asked.elapsed() / u32::try_from(self.places().len())?)
    }

    async fn ended(&self, within: Duration) -> Outcome {
        let mut running = self.running.lock().await;
        let running = running.iter_mut().flatten();
        let ends: Vec<_> = running.map(|opened| Box::pin(opened.running.ended(within))).collect();
        if ends.is_empty() {
            return Ok(());
        }
        select_all(ends).await.0.map(drop)
    }

    async fn pause(&self) -> Outcome {
        self.signal(Signal::STOP).await
    }

    async fn resume(&self) -> Outcome {
        self.signal(Signal::CONT).await
    }

    async fn command(&self, binary: Binary, arguments: &[&str]) -> Outcome<Said> {
        let mut prepared = self.site.prepare_command(&self.site.places[0], binary);
        prepared.args(arguments);
        if self.running.lock().await[0].is_some() {
            let internal = self.internal.get()?.to_string();
            prepared.env("GALLERIA__SERVER__INTERNAL_ADDRESS", internal);
        }
        process::said(prepared).await
    }

    fn beside(&self) -> Box<dyn Launcher> {
        Box::new(Self::of(Arc::clone(&self.site), Own::Gateway))
    }

    async fn elsewhere(&self) -> Outcome<Box<dyn Launcher>> {
        let database = match &self.site.database {
            Some(database) => Some(database.another().await),
            None => None,
        };
        let other = Self::of_kit(self.site.kit.clone(), database).await?;
        Ok(Box::new(other.ok_or("there is no broker")?))
    }

    fn public(&self) -> &Address {
        &self.public
    }

    fn internal(&self) -> &Address {
        &self.internal
    }
}
